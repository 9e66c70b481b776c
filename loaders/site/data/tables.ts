import {canonicalTables} from "../../canonical.js";
import {inputTables} from "../../marts/inputs.js";
import {isMart, readModels} from "../../marts/models.js";

/** A table that SQL can read, with a sentence for everything in it. */
export interface DocumentedTable {
  readonly name: string;
  /** What Trueup worked out, what the connections delivered, or what people decided. */
  readonly kind: "mart" | "lake" | "mapping";
  readonly description: string;
  readonly columns: readonly {readonly name: string; readonly type: string; readonly description: string}[];
}

/** Decisions that no mart repeats: links of accounts and service rules are `accounts` and `service_rules`. */
const decisions: readonly DocumentedTable[] = [
  {
    name: "mapping_prices",
    kind: "mapping",
    description: "The price book: mappings/prices.csv.",
    columns: columnsOf("mapping_prices", {
      service_id: "The service priced.",
      client_id: "The one client that it holds for; null for every client.",
      unit_price: "Price per unit and month.",
      currency: "ISO 4217; null for the workspace's.",
      valid_from: "First day that it holds; the newest one up to today counts.",
    }),
  },
  {
    name: "mapping_exclusions",
    kind: "mapping",
    description: "What is left out by decision: mappings/exclusions.csv.",
    columns: columnsOf("mapping_exclusions", {
      connection_id: "The connection.",
      account_id: "The one account that it holds for; null for all.",
      product_id: "The one product that it holds for; null for all.",
      seat_id: "The one seat that it holds for; null for all.",
      reason: "Why.",
      expires_on: "Last day that it holds; null for no end.",
    }),
  },
];

function columnsOf<T extends keyof typeof inputTables>(
  table: T,
  descriptions: Readonly<Record<keyof (typeof inputTables)[T], string>>,
): DocumentedTable["columns"] {
  return Object.entries(inputTables[table]).map(([name, type]) => ({
    name,
    type,
    description: descriptions[name as keyof typeof descriptions],
  }));
}

/**
 * Every mart, and every canonical table as `lake_…`, which is what the models call it: clients, services, products,
 * accounts and seats are marts as well, and a name that means two things would be worse than a longer one.
 */
export async function documentedTables(): Promise<DocumentedTable[]> {
  const models = await readModels();
  const marts = models
    .filter(isMart)
    .map(({name, doc}): DocumentedTable => ({name, kind: "mart", description: doc.description, columns: doc.columns}));
  const lake = Object.values(canonicalTables).map(
    ({name, description, columns}): DocumentedTable => ({
      name: `lake_${name}`,
      kind: "lake",
      description: `${description} As the connections delivered it.`,
      columns: [
        {name: "connection_id", type: "VARCHAR", description: "The connection that delivered the row."},
        ...columns.map(({name: column, sqlType, description: meaning, choices}) => ({
          name: column,
          type: sqlType,
          description: choices.length === 0 ? meaning : `${meaning} One of ${choices.join(", ")}.`,
        })),
      ],
    }),
  );
  return [...marts.sort((a, b) => (a.name < b.name ? -1 : 1)), ...lake, ...decisions].map(inUtc);
}

/**
 * Instants become plain times in UTC: DuckDB in a browser has no time zones, and breaks down where it would need them to cut
 * a TIMESTAMPTZ to its month or to take one from another.
 */
function inUtc(table: DocumentedTable): DocumentedTable {
  return {
    ...table,
    columns: table.columns.map((column) =>
      column.type === "TIMESTAMPTZ"
        ? {...column, type: "TIMESTAMP", description: `${column.description} In UTC.`}
        : column,
    ),
  };
}
