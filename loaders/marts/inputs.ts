import {join} from "node:path";
import {type CanonicalTable, canonicalTables} from "../canonical.js";
import {type Database, identifier, literal} from "../database.js";
import {allowObjectStorage, type StorageAccess} from "../lake/objectStorage.js";
import type {Model} from "./models.js";

/**
 * The tables that the models read: the lake's canonical tables (`lake_…`) and its `quarantine`, people's decisions
 * (`mapping_…`), and the settings, connections and syncs of the workspace. What was closed comes from its snapshots
 * (`snapshot_…`).
 */

type Columns = Readonly<Record<string, string>>;

export const inputTables = {
  mapping_clients: {
    connection_id: "VARCHAR",
    account_id: "VARCHAR",
    client_id: "VARCHAR",
    status: "VARCHAR",
    note: "VARCHAR",
  },
  mapping_services: {
    rule_id: "VARCHAR",
    service_id: "VARCHAR",
    connection_id: "VARCHAR",
    product_ids: "VARCHAR",
    client_id: "VARCHAR",
    kinds: "VARCHAR",
    statuses: "VARCHAR",
    count: "VARCHAR",
    multiplier: "DECIMAL(18,4)",
    minimum: "DECIMAL(18,4)",
    maximum: "DECIMAL(18,4)",
    valid_from: "DATE",
    valid_to: "DATE",
    status: "VARCHAR",
    note: "VARCHAR",
  },
  mapping_exclusions: {
    connection_id: "VARCHAR",
    account_id: "VARCHAR",
    product_id: "VARCHAR",
    seat_id: "VARCHAR",
    reason: "VARCHAR",
    expires_on: "DATE",
  },
  mapping_prices: {
    service_id: "VARCHAR",
    client_id: "VARCHAR",
    unit_price: "DECIMAL(18,6)",
    currency: "VARCHAR",
    valid_from: "DATE",
  },
  mapping_decisions: {
    client_id: "VARCHAR",
    service_id: "VARCHAR",
    connection_id: "VARCHAR",
    product_id: "VARCHAR",
    period: "VARCHAR",
    until: "DATE",
    decision: "VARCHAR",
    quantity: "DECIMAL(18,4)",
    amount: "DECIMAL(18,2)",
    currency: "VARCHAR",
    delta_quantity: "DECIMAL(18,4)",
    impact_monthly: "DECIMAL(18,2)",
    reason: "VARCHAR",
    owner: "VARCHAR",
    decided_by: "VARCHAR",
    decided_at: "TIMESTAMPTZ",
  },
  settings: {
    workspace_name: "VARCHAR",
    currency: "VARCHAR",
    as_of: "TIMESTAMPTZ",
    as_of_date: "DATE",
    inactive_after_days: "INTEGER",
    stale_after_hours: "INTEGER",
    billed_basis: "VARCHAR",
  },
  connections: {
    connection_id: "VARCHAR",
    connector: "VARCHAR",
    side: "VARCHAR",
    reports_activity: "BOOLEAN",
  },
  syncs: {
    connection_id: "VARCHAR",
    sync_id: "VARCHAR",
    status: "VARCHAR",
    started_at: "TIMESTAMPTZ",
    ended_at: "TIMESTAMPTZ",
    fresh_at: "TIMESTAMPTZ",
    rows_read: "BIGINT",
    rows_kept: "BIGINT",
    rows_quarantined: "BIGINT",
    error: "VARCHAR",
    is_current: "BOOLEAN",
  },
  inputs: {
    kind: "VARCHAR",
    name: "VARCHAR",
    fingerprint: "VARCHAR",
  },
} as const satisfies Record<string, Columns>;

export type InputRow = Readonly<Record<string, unknown>>;

/** Makes a table of the given columns and fills it with rows of plain values; what a row lacks is null. */
export async function createInput(
  database: Database,
  table: string,
  columns: Columns,
  rows: readonly InputRow[],
): Promise<void> {
  const names = Object.keys(columns);
  const definitions = names.map((name) => `${identifier(name)} ${columns[name]}`);
  await database.run(`create table ${identifier(table)} (${definitions.join(", ")})`);
  const shape = literal(JSON.stringify([Object.fromEntries(names.map((name) => [name, "VARCHAR"]))]));
  const cells = names.map((name) => `cast(row.${identifier(name)} as ${columns[name]})`);
  const batch = 5000;
  for (let start = 0; start < rows.length; start += batch) {
    const part = rows
      .slice(start, start + batch)
      .map((row) => Object.fromEntries(names.map((name) => [name, plain(row[name])])));
    // One JSON text for many rows: a parameter for every cell takes ten times as long.
    await database.run(
      `insert into ${identifier(table)} select ${cells.join(", ")}
       from (select unnest(from_json(cast(? as json), ${shape})) as row)`,
      [JSON.stringify(part)],
    );
  }
}

function plain(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return value instanceof Date ? value.toISOString() : String(value);
}

/** Where one connection's current Parquet files lie. */
export interface LakeFiles {
  readonly connectionId: string;
  /** Canonical table → absolute paths, or addresses in object storage. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  /** The file of the rows that did not fit, if there were any. */
  readonly quarantine?: string | null;
  /** How to get at those in object storage. */
  readonly storage?: StorageAccess | null;
}

/** The rows of a canonical table's files, as SQL. A column that the table had not yet when a file was written is null. */
export function readFiles(table: CanonicalTable, paths: readonly string[]): string {
  const files = paths.map(literal).join(", ");
  return `(${noRows(table)} union all by name select * from read_parquet([${files}], union_by_name = true))`;
}

function noRows({columns}: CanonicalTable): string {
  const empty = columns.map(({name, sqlType}) => `cast(null as ${sqlType}) as ${identifier(name)}`);
  return `select ${empty.join(", ")} where false`;
}

/** Makes one view per canonical table over the current Parquet of all connections. */
export async function createLakeViews(database: Database, lake: readonly LakeFiles[]): Promise<void> {
  await allowObjectStorage(
    database,
    lake.flatMap(({files}) => Object.values(files).flat()),
    lake.find(({storage}) => storage)?.storage,
  );
  for (const table of Object.values(canonicalTables)) {
    const columns = table.columns.map((column) => identifier(column.name));
    const parts = lake.flatMap(({connectionId, files}) => {
      const paths = files[table.name] ?? [];
      if (paths.length === 0) return [];
      return [
        `select ${literal(connectionId)} as connection_id, ${columns.join(", ")} from ${readFiles(table, paths)}`,
      ];
    });
    const nothing = `select cast(null as varchar) as connection_id, * from (${noRows(table)})`;
    await database.run(`create view lake_${table.name} as ${[...parts, nothing].join(" union all ")}`);
  }
}

export const quarantineColumns = {
  connection_id: "VARCHAR",
  row_number: "BIGINT",
  table_name: "VARCHAR",
  file: "VARCHAR",
  line: "BIGINT",
  record_id: "VARCHAR",
  column_name: "VARCHAR",
  value: "VARCHAR",
  reason: "VARCHAR",
} as const satisfies Columns;

/**
 * Makes a table of the rows that the current syncs quarantined, numbered as they stand in their files. A file that somebody
 * removed from this machine is left out: its rows are in no figure, so that none may fail for want of them.
 */
export async function createQuarantine(database: Database, lake: readonly LakeFiles[]): Promise<void> {
  await createInput(database, "quarantine", quarantineColumns, []);
  for (const {connectionId, quarantine} of lake) {
    if (quarantine == null) continue;
    const found = await database.rows(`from glob(${literal(quarantine)})`);
    if (found.length === 0) continue;
    // An earlier version wrote no record.
    await database.run(
      `insert into quarantine
       select ${literal(connectionId)}, file_row_number + 1, "table", file, line, record, "column", value, reason
       from (
         select cast(null as varchar) as record where false
         union all by name
         select * from read_parquet(${literal(quarantine)}, file_row_number = true)
       )`,
    );
  }
}

/** The marts that later months read from snapshots. */
export const snapshotMarts = [
  "summary",
  "clients",
  "reconciliation",
  "services_billed",
  "service_rules",
  "accounts",
  "adjustments",
] as const;

export type SnapshotMart = (typeof snapshotMarts)[number];

/** The marts of one closed period. */
export interface ClosedMarts {
  /** As 2026-10. */
  readonly period: string;
  /** Absolute path. */
  readonly folder: string;
  /** Those of snapshotMarts that it has. */
  readonly marts: readonly SnapshotMart[];
  /** Of its snapshot. */
  readonly checksum: string;
}

/**
 * Makes one view per mart that later months read, over all closed periods, each row with its period. A column that a mart had
 * not yet when it was frozen is null.
 */
export async function createSnapshotViews(
  database: Database,
  models: readonly Model[],
  closed: readonly ClosedMarts[],
): Promise<void> {
  for (const name of snapshotMarts) {
    const columns = models.find((model) => model.name === name)?.doc.columns ?? [];
    const empty = columns.map((column) => `cast(null as ${column.type}) as ${identifier(column.name)}`);
    const parts = closed
      .filter(({marts}) => marts.includes(name))
      .map(
        ({period, folder}) =>
          `select ${literal(period)} as period, * from read_parquet(${literal(join(folder, `${name}.parquet`))})`,
      );
    await database.run(
      `create view snapshot_${name} as ${[
        `select cast(null as varchar) as period, ${empty.join(", ")} where false`,
        ...parts,
      ].join(" union all by name ")}`,
    );
  }
}
