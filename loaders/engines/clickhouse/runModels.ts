import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {canonicalTables} from "../../canonical.js";
import {type Database, literal} from "../../database.js";
import type {LakeFiles} from "../../lake/lakeViews.js";
import {isInObjectStorage, noKeys} from "../../lake/objectStorage.js";
import {isMart, type Model, modelsFolder} from "../../marts/models.js";
import type {TaskProgress} from "../../marts/runTasks.js";
import {clickhouseType, keepShared, macroNames, nameStars, renderForClickhouse, renderMacros} from "./render.js";
import type {Server} from "./server.js";
import {storedFile} from "./storedFile.js";

export interface RunOptions {
  readonly models: readonly Model[];
  readonly lake: readonly LakeFiles[];
  /** Local, with every table and view that the models read; gets an empty table of every model, to know its columns. */
  readonly database: Database;
  /** Gets a Parquet file per mart, `<mart>.parquet`, its rows in no order. */
  readonly folder: string;
  readonly progress?: TaskProgress;
}

/**
 * Runs the models on a ClickHouse server: sends the mappings there, and the lake unless it is in object storage, where the
 * server reads it; makes every table, keeps every promise of the models, and fetches the marts. Returns what is broken, in words.
 */
export async function runModels(server: Server, options: RunOptions): Promise<string[]> {
  const {models, lake, database, folder, progress = () => {}} = options;
  const macros = await readFile(join(modelsFolder, "macros.clickhouse.sql"), "utf8");
  for (const statement of renderMacros(macros)) await server.run(statement);
  await sendInputs(server, database, folder);
  await sendLake(server, lake);
  const names = macroNames(macros);
  const broken: string[] = [];
  for (const [index, model] of models.entries()) {
    const columnsOf = async (query: string) => (await describe(database, query)).map(({name}) => name);
    const sql = keepShared(renderForClickhouse(await nameStars(model.sql, columnsOf), names));
    if (model.layer !== "checks")
      await database.run(`create table ${model.name} as select * from (${model.sql}) limit 0`);
    try {
      if (model.layer === "checks") {
        const rows = await server.rows(`select * from (${sql}) limit 5`);
        for (const row of rows) broken.push(`${model.doc.description} Broken by ${JSON.stringify(row)}`);
      } else {
        await server.run(`create table ${model.name} engine = MergeTree order by tuple() as ${sql}`);
      }
    } catch (error) {
      throw new Error(`Model ${model.file} failed in ClickHouse: ${(error as Error).message}`, {cause: error});
    }
    progress(index + 1, models.length, model.name);
  }
  for (const {name, doc} of models.filter(isMart)) {
    const key = doc.key.join(", ");
    const repeated = await server.rows(`select ${key} from ${name} group by ${key} having count(*) > 1 limit 5`);
    for (const row of repeated) broken.push(`The key ${key} of ${name} is not unique: ${JSON.stringify(row)}`);
    const columns = doc.columns
      .map(({name: column, type}) => `cast(${quoted(column)} as ${clickhouseType(type)}) as ${quoted(column)}`)
      .join(", ");
    await server.download(`select ${columns} from ${name}`, join(folder, `${name}.parquet`));
  }
  return broken;
}

/**
 * What the models read besides the canonical tables: mappings, settings, connections, syncs, quarantined rows, and the marts
 * of closed periods. They travel as Parquet too, so that both engines read the same values.
 */
async function sendInputs(server: Server, database: Database, folder: string): Promise<void> {
  const tables = await database.rows(
    `select table_name as name from information_schema.tables
     where table_schema = 'main' and not starts_with(table_name, 'lake_') order by name`,
  );
  for (const {name} of tables as {name: string}[]) {
    const path = join(folder, `${name}.input`);
    await database.run(`copy (from ${name}) to ${literal(path)} (format parquet)`);
    const structure = (await describe(database, `from ${name}`))
      .map((column) => `${quoted(column.name)} ${clickhouseType(column.type)}`)
      .join(", ");
    await server.run(`create table ${name} (${structure}) engine = MergeTree order by tuple()`);
    await server.upload(`insert into ${name} select * from input(${literal(structure)}) format Parquet`, path);
  }
}

async function describe(database: Database, query: string): Promise<{name: string; type: string}[]> {
  const rows = await database.rows(`describe ${query}`);
  return rows.map((row) => ({name: String(row.column_name), type: String(row.column_type)}));
}

async function sendLake(server: Server, lake: readonly LakeFiles[]): Promise<void> {
  for (const {name, columns} of Object.values(canonicalTables)) {
    const structure = columns.map((column) => `${quoted(column.name)} ${clickhouseType(column.sqlType)}`).join(", ");
    await server.run(
      `create table lake_${name} (connection_id Nullable(String), ${structure}) engine = MergeTree order by tuple()`,
    );
    for (const {connectionId, files, storage} of lake) {
      for (const path of files[name] ?? []) {
        const insert = `insert into lake_${name} select ${literal(connectionId)} as connection_id, * from`;
        if (isInObjectStorage(path)) {
          const rows = storedFile(path, structure, storage ?? noKeys);
          await server.run(`${insert} ${rows}`).catch((error: Error) => {
            throw new Error(`ClickHouse cannot read ${path}: ${error.message}`, {cause: error});
          });
        } else {
          await server.upload(`${insert} input(${literal(structure)}) format Parquet`, path);
        }
      }
    }
  }
}

function quoted(name: string): string {
  return `\`${name}\``;
}
