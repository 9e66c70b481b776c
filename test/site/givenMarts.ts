import {createTable} from "../../loaders/createTable.js";
import {type Database, openDatabase} from "../../loaders/database.js";
import type {InputRow} from "../../loaders/marts/inputs.js";
import {readModels} from "../../loaders/marts/models.js";
import type {TableQuery} from "../../loaders/site/data/jsonFile.js";

/** A database with every mart as a table: what a given row lacks is null, a mart that is not given is empty. */
export async function givenMarts(given: Readonly<Record<string, readonly InputRow[]>>): Promise<Database> {
  const database = await openDatabase({threads: 1});
  for (const {name, layer, doc} of await readModels()) {
    if (layer !== "marts") continue;
    const columns = Object.fromEntries(doc.columns.map((column) => [column.name, column.type]));
    await createTable(database, name, columns, given[name] ?? []);
  }
  return database;
}

/** Some columns of a query's rows, in its order, as text. */
export async function shownOf(
  database: Database,
  {sql, order}: TableQuery,
  ...columns: readonly string[]
): Promise<string[]> {
  const rows = await database.rows(`select * from (${sql}) order by ${order}`);
  return rows.map((row) => columns.map((column) => String(row[column] ?? "—")).join(" "));
}
