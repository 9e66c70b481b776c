import type {InputRow} from "../../loaders/marts/inputs.js";
import type {Marts, World} from "./harness.js";

/** What is other than in the ordinary world: how many are billed and used, and whole tables. */
export type Given = {billed?: number; used?: number} & World;

/**
 * An ordinary small world to vary: client `acme`, its account `tenant` in `m365`, the service `mail` billed by line `l1`
 * and counted by rule `r1` over product `p1`.
 */
export function ordinaryWorld(given: Given = {}): World {
  const {billed = 20, used = 24, ...rest} = given;
  return {
    clients: [{client_id: "acme", client_name: "Acme"}],
    services: [{service_id: "mail", service_name: "Mail protection", unit: "user"}],
    agreements: [{agreement_id: "a1", client_id: "acme", start_date: "2026-01-01"}],
    agreement_lines: [
      {
        agreement_line_id: "l1",
        agreement_id: "a1",
        service_id: "mail",
        quantity: billed,
        unit_price: "12.00",
      },
    ],
    accounts: [{account_id: "tenant", account_name: "Acme"}],
    products: [{product_id: "p1", product_name: "Exchange Online"}],
    seats: seats(used),
    mappingClients: [link("tenant", "acme")],
    mappingServices: [rule("r1")],
    ...rest,
  };
}

/** Connections of an ordinary world with a second one of usage. */
export const withRmm = {
  connections: [
    {connection_id: "psa", connector: "csv-psa", side: "psa"},
    {connection_id: "m365", connector: "csv-usage", side: "usage"},
    {connection_id: "rmm", connector: "csv-usage", side: "usage"},
  ],
};

/** n active seats of product p1 in account tenant, named after their number. */
export function seats(n: number, given: InputRow = {}): InputRow[] {
  const prefix = String(given.product_id ?? "p1");
  return Array.from({length: n}, (_, index) => ({
    account_id: "tenant",
    product_id: "p1",
    seat_id: `${prefix}-${index + 1}`,
    kind: "user",
    ...given,
  }));
}

/** A confirmed link of an account of m365. */
export function link(accountId: string, clientId: string, given: InputRow = {}): InputRow {
  return {
    connection_id: "m365",
    account_id: accountId,
    client_id: clientId,
    status: "confirmed",
    ...given,
  };
}

/** A rule that counts p1 in m365 for mail. */
export function rule(ruleId: string, given: InputRow = {}): InputRow {
  return {
    rule_id: ruleId,
    service_id: "mail",
    connection_id: "m365",
    product_ids: "p1",
    ...given,
  };
}

/** The invoice i1 of agreement a1 for November, with one line for each given row. */
export function invoiced(
  lines: readonly InputRow[],
  invoice: InputRow = {},
): Pick<World, "invoices" | "invoice_lines"> {
  const header = {
    invoice_id: "i1",
    invoice_number: "INV-1",
    client_id: "acme",
    agreement_id: "a1",
    invoice_date: "2026-11-01",
    period_start: "2026-11-01",
    period_end: "2026-12-01",
    status: "sent",
    ...invoice,
  };
  return {
    invoices: [header],
    invoice_lines: lines.map((line, index) => ({
      invoice_line_id: `il${index + 1}`,
      invoice_id: header.invoice_id,
      service_id: "mail",
      quantity: 20,
      unit_price: "12.00",
      ...line,
    })),
  };
}

/** Only the named columns of each row of a mart. */
export function pick(marts: Marts, mart: string, ...columns: string[]): Record<string, unknown>[] {
  return (marts[mart] ?? []).map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])));
}
