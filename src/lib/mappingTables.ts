/** The mapping files, by name: what people decide. */
export type MappingTable = "clients" | "services" | "exclusions" | "prices" | "decisions";

/** A row of a mapping file as text; blank cells are null, columns that the file has besides the known ones are kept. */
export type MappingRow = Readonly<Record<string, string | null>>;

export type Mappings = Readonly<Record<MappingTable, readonly MappingRow[]>>;

/** The text of each mapping file; a file that is not there is empty. The site has it as `data/mappings.json`. */
export type MappingFiles = Readonly<Record<MappingTable, string>>;

/** The columns of each file in their order, and those that say what a row is about. */
export const mappingTables: Readonly<Record<MappingTable, {columns: readonly string[]; key: readonly string[]}>> = {
  clients: {
    columns: ["connection_id", "account_id", "client_id", "status", "note", "decided_by", "decided_at"],
    key: ["connection_id", "account_id"],
  },
  services: {
    columns: [
      ...["rule_id", "service_id", "connection_id", "product_ids", "client_id", "kinds", "statuses", "count"],
      ...["multiplier", "minimum", "maximum", "valid_from", "valid_to", "status", "note", "decided_by", "decided_at"],
    ],
    key: ["rule_id"],
  },
  exclusions: {
    columns: [
      ...["connection_id", "account_id", "product_id", "seat_id", "reason", "expires_on"],
      ...["decided_by", "decided_at"],
    ],
    key: ["connection_id", "account_id", "product_id", "seat_id"],
  },
  prices: {
    columns: ["service_id", "client_id", "unit_price", "currency", "valid_from", "note", "decided_by", "decided_at"],
    key: ["service_id", "client_id", "currency", "valid_from"],
  },
  decisions: {
    columns: [
      ...["client_id", "service_id", "connection_id", "product_id", "period", "until", "decision", "quantity"],
      ...["amount", "currency", "delta_quantity", "impact_monthly", "reason", "owner", "decided_by", "decided_at"],
    ],
    key: ["client_id", "service_id", "connection_id", "product_id", "period", "until"],
  },
};

/** What a seat may be, how it may stand, and what a total may mean: what connections deliver and rules may ask for. */
export const seatKinds = [
  "user",
  "device",
  "mailbox",
  "shared_mailbox",
  "server",
  "workstation",
  "backup",
  "other",
] as const;
export const seatStatuses = ["active", "suspended", "disabled", "deleted"] as const;
export const metrics = ["purchased", "assigned", "active", "reported"] as const;

export const mappingNames = Object.keys(mappingTables) as MappingTable[];

/** `mappingFile("clients")` → `mappings/clients.csv`: the file's path below the workspace. */
export function mappingFile(table: MappingTable): string {
  return `mappings/${table}.csv`;
}

/** What `make` gives for each of the mapping files, by name. */
export function ofEachMapping<T>(make: (table: MappingTable) => T): Readonly<Record<MappingTable, T>> {
  return Object.fromEntries(mappingNames.map((table) => [table, make(table)])) as Record<MappingTable, T>;
}
