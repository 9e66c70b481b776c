import {randomUUID} from "node:crypto";
import {mkdir} from "node:fs/promises";
import {join} from "node:path";
import {type Database, identifier, literal, openDatabase} from "../../database.js";
import {selectMappedModels} from "../../marts/mappedModels.js";
import {createInputs, type MartInputs, type MartOptions, type RunMarts} from "../../marts/marts.js";
import {isMart, type Model, modelTasks} from "../../marts/models.js";
import {previewLimit, writeNoPreview, writePreview} from "../../marts/previewFiles.js";
import {runTasks} from "../../marts/runTasks.js";
import {orderOf, writeRows} from "../../marts/writeMart.js";
import {runModels} from "./runModels.js";
import {openServer, type ServerOptions} from "./server.js";

/**
 * The models on a ClickHouse server: the same ones over the same Parquet. DuckDB reads the mappings' ids beforehand, and
 * writes the marts that come back sorted and typed as it writes its own.
 */
export function runOnClickhouse(where: ServerOptions): RunMarts {
  return async (database, inputs, options) => {
    const {models, progress, signal, scratch, next} = options;
    const fetched = join(scratch, "fetched");
    await mkdir(fetched);
    const server = await openServer(where, `trueup_${randomUUID().replaceAll("-", "")}`);
    const running = runModels(server, {models, lake: inputs.lake, database, folder: fetched, progress});
    const broken = await running.catch(async (error: Error) => {
      // A server that fails at this as well says less than what it failed at first.
      await server.close().catch(() => {});
      // Whatever a query that was ended says.
      signal?.throwIfAborted();
      throw error;
    });
    await server.close();
    if (broken.length > 0) return broken;
    for (const model of models.filter(isMart)) {
      signal?.throwIfAborted();
      await readFetched(database, model, join(fetched, `${model.name}.parquet`));
      if (next === null) continue;
      const rows = `select * from ${model.name} order by ${orderOf(model)}`;
      await writeRows(database, rows, join(next, `${model.name}.parquet`));
    }
    if (next !== null) await makePreview(database, inputs, options, join(next, "preview"));
    return [];
  };
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
  {models, macros, signal}: MartOptions,
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
    await runTasks(own, modelTasks(before, []), {signal});
    await writePreview(own, {mapped, files, folder});
  } finally {
    own.close();
  }
}
