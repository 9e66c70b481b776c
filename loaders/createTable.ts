import {type Database, identifier, literal} from "./database.js";

/** Names of columns and their types. */
export type Columns = Readonly<Record<string, string>>;

/** Makes a table of the given columns and fills it with rows of plain values; what a row lacks is null. */
export async function createTable(
  database: Database,
  table: string,
  columns: Columns,
  rows: readonly Readonly<Record<string, unknown>>[],
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

/** Half an emoji, as of a name that a vendor has cut off, is shown as unknown: DuckDB takes no JSON with it. */
function plain(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return value instanceof Date ? value.toISOString() : String(value).toWellFormed();
}
