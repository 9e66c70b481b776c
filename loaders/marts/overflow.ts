import type {Database} from "../database.js";

/**
 * Whether a model failed because a figure does not fit its type. Numbers fit when they are read; whether their product does
 * depends on both, and on the currency, so that it is found out only where they meet.
 */
export function isOverflow(error: unknown): boolean {
  const type = "(decimal|int\\d+|hugeint)";
  return new RegExp(`${type}.*(out of range|overflow)|overflow.*${type}`, "i").test((error as Error).message);
}

/** The same for those who can do something about it: with the largest numbers of the lake and the mappings. */
export async function explainOverflow(database: Database, cause: unknown): Promise<Error> {
  const largest = await database.rows(`${numbers} order by size desc, place limit 3`);
  const lines = [
    "A figure is too large to be worked out; the marts stay as they are. The largest numbers that it may come from:",
    ...largest.map(({place, text}) => `  ${place}: ${text}`),
    "Correct what is wrong among them where it comes from, sync and reconcile again.",
    `(${(cause as Error).message.split("\n")[0]})`,
  ];
  return new Error(lines.join("\n"), {cause});
}

/** Every row with a quantity or a price: where it stands, what stands there, and about how large a figure of it is. */
const numbers = [
  rowsWith(
    "lake_agreement_lines as lines left join lake_agreements as agreements using (connection_id, agreement_id)",
    `'agreement line ' || agreement_line_id || ' (agreement ' || agreement_id || coalesce(' of client ' || client_id, '') || ', service ' || service_id || ')'`,
    {quantities: ["quantity", "included_quantity"], prices: ["unit_price", "unit_cost"]},
  ),
  rowsWith(
    "lake_invoice_lines as lines left join lake_invoices as invoices using (connection_id, invoice_id)",
    `'invoice line ' || invoice_line_id || ' (invoice ' || invoice_id || coalesce(' of client ' || client_id, '') || coalesce(', service ' || service_id, '') || ')'`,
    {quantities: ["quantity"], prices: ["unit_price", "amount"]},
  ),
  rowsWith("lake_invoices", "'invoice ' || invoice_id || ' of client ' || client_id", {prices: ["total"]}),
  rowsWith("lake_services", "'service ' || service_id", {prices: ["list_price", "unit_cost"]}),
  rowsWith("lake_products", "'product ' || product_id || ' of ' || connection_id", {
    prices: ["list_price", "unit_cost"],
  }),
  rowsWith(
    "lake_counts",
    "metric || ' count of account ' || account_id || ' and product ' || product_id || ' of ' || connection_id",
    {quantities: ["quantity"]},
  ),
  rowsWith("mapping_services", "'mappings/services.csv, rule ' || rule_id", {
    quantities: ["multiplier", "minimum", "maximum"],
  }),
  rowsWith(
    "mapping_prices",
    "'mappings/prices.csv, service ' || service_id || coalesce(' for client ' || client_id, '')",
    {
      prices: ["unit_price"],
    },
  ),
  rowsWith(
    "mapping_decisions",
    "'mappings/decisions.csv, ' || coalesce('service ' || service_id, 'product ' || product_id || ' of ' || connection_id) || ' of client ' || client_id",
    {quantities: ["quantity"], prices: ["amount"]},
  ),
].join(" union all ");

function rowsWith(
  from: string,
  place: string,
  {quantities = [], prices = []}: {quantities?: readonly string[]; prices?: readonly string[]},
): string {
  const largest = (columns: readonly string[]) =>
    `greatest(1, ${columns.map((column) => `abs(cast(${column} as double))`).join(", ") || "1"})`;
  const values = [...quantities, ...prices].map((column) => `'${column} ' || number_text(${column})`);
  return `select ${place} as place, concat_ws(', ', ${values.join(", ")}) as text,
    ${largest(quantities)} * ${largest(prices)} as size from ${from}`;
}
