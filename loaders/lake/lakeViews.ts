import {type CanonicalTable, canonicalTables} from "../canonical.js";
import {type Columns, createTable} from "../createTable.js";
import {type Database, identifier, literal} from "../database.js";
import {allowObjectStorage, type StorageAccess} from "./objectStorage.js";

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
  await createTable(database, "quarantine", quarantineColumns, []);
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
