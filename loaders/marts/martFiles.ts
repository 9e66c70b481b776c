import {existsSync} from "node:fs";
import {join} from "node:path";
import {type Database, identifier, literal} from "../database.js";
import {ConfigurationError} from "../problems.js";

/** Refuses a folder that has no marts. Marts are replaced all at once, so that one stands for all. */
export function checkMarts(folder: string): void {
  if (existsSync(join(folder, "summary.parquet"))) return;
  throw new ConfigurationError([
    {file: folder, message: "there are no marts.", remedy: "Run `trueup reconcile` first."},
  ]);
}

/** The rows of a mart in a folder of marts, as SQL. */
export function martRows(folder: string, name: string): string {
  return `read_parquet(${literal(join(folder, `${name}.parquet`))})`;
}

/** Makes a view of each of these marts of a folder, named like it. */
export async function viewMarts(database: Database, folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) {
    await database.run(`create view ${identifier(name)} as select * from ${martRows(folder, name)}`);
  }
}
