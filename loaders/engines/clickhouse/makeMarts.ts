import {randomUUID} from "node:crypto";
import {mkdir} from "node:fs/promises";
import {join} from "node:path";
import {type Database, identifier, literal, openDatabase} from "../../database.js";
import {makeFolderDurable} from "../../makeDurable.js";
import {selectMappedModels} from "../../mappedModels.js";
import {
  BrokenPromisesError,
  createInputs,
  type MartInputs,
  type MartOptions,
  type MartResult,
  makeScratch,
  replaceFolder,
} from "../../marts.js";
import {type Model, modelTasks} from "../../models.js";
import {previewLimit, writeNoPreview, writePreview} from "../../previewFiles.js";
import {runTasks} from "../../runTasks.js";
import {removeUnfinished} from "../../unfinished.js";
import {orderOf, writeRows} from "../../writeMart.js";
import {runModels} from "./runModels.js";
import {openServer, type ServerOptions} from "./server.js";

/**
 * Makes the marts on a ClickHouse server: the same models over the same Parquet. DuckDB reads the mappings' ids beforehand,
 * and writes the marts that come back sorted and typed as it writes its own.
 */
export async function makeMartsOnClickhouse(
  inputs: MartInputs,
  {server: where, ...options}: MartOptions & {readonly server: ServerOptions},
): Promise<MartResult> {
  const {directory, models, macros, memoryLimit, threads, progress} = options;
  const scratch = await makeScratch(directory);
  const next = join(scratch, "marts");
  const fetched = join(scratch, "fetched");
  for (const folder of [next, fetched]) await mkdir(folder, {recursive: true});
  const database = await openDatabase({threads, memoryLimit, tempDirectory: join(scratch, "spill")});
  try {
    await database.run(macros);
    await createInputs(database, models, inputs);
    await options.examine(database);
    const server = await openServer(where, `trueup_${randomUUID().replaceAll("-", "")}`);
    try {
      const broken = await runModels(server, {models, lake: inputs.lake, database, folder: fetched, progress});
      if (broken.length > 0) throw new BrokenPromisesError(broken);
    } finally {
      await server.close();
    }
    const marts = models.filter(({layer}) => layer === "marts");
    for (const model of marts) {
      await readFetched(database, model, join(fetched, `${model.name}.parquet`));
      const rows = `select * from ${model.name} order by ${orderOf(model)}`;
      await writeRows(database, rows, join(next, `${model.name}.parquet`));
    }
    await makePreview(database, inputs, options, join(next, "preview"));
    const summary = await database.rows("select * from summary order by currency");
    const problems = await database.rows("select * from data_problems order by all");
    await options.describe(next);
    await makeFolderDurable(next);
    await replaceFolder(join(directory, "marts"), next);
    return {summary, problems};
  } finally {
    database.close();
    await removeUnfinished(scratch);
  }
}

async function readFetched(database: Database, {name, doc}: Model, path: string): Promise<void> {
  const columns = doc.columns.map(
    ({name: column, type}) => `cast(${identifier(column)} as ${type}) as ${identifier(column)}`,
  );
  await database.run(`drop table ${name}`);
  await database.run(`create view ${name} as select ${columns.join(", ")} from read_parquet(${literal(path)})`);
}

/** What a browser is given to try other mappings is small enough to be worked out here. */
async function makePreview(
  database: Database,
  inputs: MartInputs,
  {models, macros}: MartOptions,
  folder: string,
): Promise<void> {
  const [row] = await database.rows("select count(*) as seats from lake_seats");
  const seats = Number(row?.seats);
  const files = inputs.mappingFiles;
  if (seats > previewLimit) return writeNoPreview(folder, seats, files);
  const own = await openDatabase();
  try {
    const {mapped, before} = selectMappedModels(models, macros);
    await own.run(macros);
    await createInputs(own, models, inputs);
    await runTasks(own, modelTasks(before, []));
    await writePreview(own, {mapped, files, folder});
  } finally {
    own.close();
  }
}
