import {existsSync} from "node:fs";
import {join} from "node:path";
import {type Database, identifier, literal, openDatabase} from "../database.js";
import {ConfigurationError} from "../problems.js";
import {isMart, type ModelColumn, readModels} from "./models.js";

/** Refuses a folder that has no marts. Marts are replaced all at once, so that one stands for all. */
export function checkMarts(folder: string): void {
  if (existsSync(join(folder, "summary.parquet"))) return;
  throw new ConfigurationError([
    {file: folder, message: "there are no marts.", remedy: "Run `trueup reconcile` first."},
  ]);
}

/** Refuses marts that lack one of today's or a column of it: Trueup was updated since they were made. */
export async function refuseEarlier(folder: string, remedy = "Run `trueup reconcile` again."): Promise<void> {
  const database = await openDatabase();
  try {
    for (const {name, doc} of (await readModels()).filter(isMart)) {
      const lack = await lackOf(database, folder, name, doc.columns);
      if (lack === null) continue;
      throw new ConfigurationError([{file: folder, message: `${lack}: an earlier version made these marts.`, remedy}]);
    }
  } finally {
    database.close();
  }
}

async function lackOf(
  database: Database,
  folder: string,
  mart: string,
  columns: readonly ModelColumn[],
): Promise<string | null> {
  if (!existsSync(join(folder, `${mart}.parquet`))) return `there is no ${mart}`;
  const described = await database.rows(`describe select * from ${martRows(folder, mart)}`);
  const present = new Set(described.map(({column_name}) => column_name));
  const missing = columns.find(({name}) => !present.has(name));
  return missing === undefined ? null : `${mart} has no ${missing.name}`;
}

/** The rows of a mart in a folder of marts, as SQL. */
export function martRows(folder: string, name: string): string {
  return `read_parquet(${literal(join(folder, `${name}.parquet`))})`;
}

/** The instant that marts hold for, ISO 8601. `summary`: its rows, as SQL. */
export async function readAsOf(database: Database, summary = "summary"): Promise<string> {
  const [row] = await database.rows(
    `select strftime(max(as_of) at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%gZ') as as_of from ${summary}`,
  );
  return String(row?.as_of);
}

/** Makes a view of each of these marts of a folder, named like it. */
export async function viewMarts(database: Database, folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await database.run(`create view ${identifier(name)} as select * from ${martRows(folder, name)}`);
  }
}
