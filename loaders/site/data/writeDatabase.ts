import {mkdir} from "node:fs/promises";
import {dirname, join} from "node:path";
import type {CheckedMappings} from "../../../src/lib/mappingSchemas.js";
import {createTable} from "../../createTable.js";
import {type Database, identifier, literal, openDatabase} from "../../database.js";
import {findSync, type LakePlace, lakeFiles} from "../../lake/lake.js";
import {createLakeViews, type LakeFiles} from "../../lake/lakeViews.js";
import {inputTables} from "../../marts/inputs.js";
import {martRows} from "../../marts/martFiles.js";
import {readUsedMappings} from "../../marts/previewFiles.js";
import {ConfigurationError} from "../../problems.js";
import {exampleQueries} from "./exampleQueries.js";
import {type DocumentedTable, documentedTables} from "./tables.js";

export interface DatabaseFileOptions extends LakePlace {
  readonly file: string;
  readonly tempDirectory: string;
  readonly memoryLimit?: string;
}

const manySeats = 100_000;

/**
 * Writes everything that SQL on the site can read as one DuckDB file, every table and column with its comment, and the
 * example queries as views. Rows go from Parquet to the file as a stream, and seats, most of it, only once. A table takes at
 * least one block, so that small blocks make a file of few seats a fifth as large; of many seats the browser fetches blocks,
 * and large ones mean fewer.
 *
 * Everything is of the run that made the marts: what was synced or decided since is not in the pages either.
 *
 * The rows are in the file, not views over Parquet: those are found from one working directory only if their paths are
 * relative, and on one machine only if they are not.
 */
export async function writeDatabase(options: DatabaseFileOptions): Promise<void> {
  const {directory, file, tempDirectory, memoryLimit} = options;
  const marts = join(directory, "marts");
  await mkdir(dirname(file), {recursive: true});
  const database = await openDatabase({tempDirectory, memoryLimit});
  try {
    await createLakeViews(database, await usedLake(database, options, marts));
    const mappings = await usedMappings(marts);
    await createTable(database, "mapping_prices", inputTables.mapping_prices, mappings.prices);
    await createTable(database, "mapping_exclusions", inputTables.mapping_exclusions, mappings.exclusions);
    const [size] = await database.rows(`select count(*) as seats from ${martRows(marts, "seats")}`);
    const blockSize = Number(size?.seats) > manySeats ? 262_144 : 16_384;
    await database.run(`attach ${literal(file)} as site (block_size ${blockSize}, storage_version 'v1.2.0')`);
    for (const table of await documentedTables()) {
      const isView = table.name === "lake_seats" && (await isInMart(database));
      await database.run(isView ? viewOfSeats(table) : tableFrom(table, marts));
      for (const comment of comments(table, isView ? "view" : "table")) await database.run(comment);
    }
    await database.run("use site");
    for (const {id, description, sql} of await exampleQueries()) {
      await database.run(`create view ${identifier(id)} as ${sql}`);
      await database.run(`comment on view ${identifier(id)} is ${literal(description)}`);
    }
    await database.run("use memory; checkpoint site; detach site");
  } finally {
    database.close();
  }
}

/** Rows go from Parquet to the file. */
function tableFrom({kind, name, columns}: DocumentedTable, marts: string): string {
  const source = kind === "mart" ? martRows(marts, name) : name;
  const values = columns.map(({name: column, type}) =>
    type === "TIMESTAMP" ? `${identifier(column)} at time zone 'UTC' as ${identifier(column)}` : identifier(column),
  );
  return `create table site.${identifier(name)} as select ${values.join(", ")} from ${source}`;
}

/** The mart of seats has every seat as it was delivered, but for a status that was left out. */
async function isInMart(database: Database): Promise<boolean> {
  const [row] = await database.rows("select count(*) as blank from lake_seats where status is null");
  return Number(row?.blank) === 0;
}

/** A view looks for its table in the database that is in use when it is made, whatever that is attached as later. */
function viewOfSeats({name, columns}: DocumentedTable): string {
  const values = columns.map((column) => identifier(column.name));
  return `use site; create view ${identifier(name)} as select ${values.join(", ")} from seats; use memory`;
}

async function usedLake(database: Database, place: LakePlace, marts: string): Promise<LakeFiles[]> {
  const used = await database.rows(
    `select name, fingerprint from ${martRows(marts, "inputs_used")} where kind = 'sync' order by name`,
  );
  return Promise.all(
    used.map(async ({name, fingerprint}) => {
      const found = await findSync(place, String(name), String(fingerprint));
      if (found !== undefined) return lakeFiles(place, found);
      throw new ConfigurationError([
        {
          file: `lake/${name}`,
          value: String(fingerprint),
          message: "this sync, which the marts were made from, is no longer there.",
          remedy: "Run `trueup reconcile` again.",
        },
      ]);
    }),
  );
}

/** The mappings as the run found them; it would have ended at a row that does not fit. */
async function usedMappings(marts: string): Promise<CheckedMappings> {
  const {mappings, problems} = await readUsedMappings(marts);
  if (problems.length > 0) throw new ConfigurationError(problems);
  return mappings;
}

function comments({name, description, columns}: DocumentedTable, form: "table" | "view"): string[] {
  const table = `site.${identifier(name)}`;
  return [
    `comment on ${form} ${table} is ${literal(description)}`,
    ...columns.map(
      (column) => `comment on column ${table}.${identifier(column.name)} is ${literal(column.description)}`,
    ),
  ];
}
