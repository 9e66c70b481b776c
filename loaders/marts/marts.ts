import {access, constants, mkdir, mkdtemp} from "node:fs/promises";
import {availableParallelism, tmpdir} from "node:os";
import {join} from "node:path";
import type {CheckedMappings} from "../../src/lib/mappingSchemas.js";
import {type MappingFiles, mappingNames} from "../../src/lib/mappingTables.js";
import {createTable} from "../createTable.js";
import {type Database, openDatabase} from "../database.js";
import {makeFolderDurable} from "../files/makeDurable.js";
import {replaceFolder} from "../files/replaceFolder.js";
import {makeUnfinished, removeUnfinished, sweepUnfinished} from "../files/unfinished.js";
import {createLakeViews, createQuarantine, type LakeFiles} from "../lake/lakeViews.js";
import {type ClosedMarts, createSnapshotViews} from "../snapshots/snapshotViews.js";
import {type InputRow, inputTables} from "./inputs.js";
import {selectMappedModels} from "./mappedModels.js";
import {isMart, type Model, modelTasks} from "./models.js";
import {explainOverflow, isOverflow} from "./overflow.js";
import {writePreview} from "./previewFiles.js";
import {runTasks, type Task, type TaskProgress} from "./runTasks.js";
import {summaryTotals} from "./summaryTotals.js";
import {afterFiles, writeMart} from "./writeMart.js";

/** Everything that the marts of a workspace follow from. */
export interface MartInputs {
  readonly lake: readonly LakeFiles[];
  /** The closed periods up to the instant of the settings. */
  readonly closed: readonly ClosedMarts[];
  /** What all of it came from, for the record. */
  readonly inputs: readonly InputRow[];
  /** One row. */
  readonly settings: readonly InputRow[];
  readonly connections: readonly InputRow[];
  readonly syncs: readonly InputRow[];
  /** Accounts that the current sync could not read, and of which there is nothing from earlier. */
  readonly unread_accounts: readonly InputRow[];
  readonly mappings: CheckedMappings;
  /** The same as they stand in their files. */
  readonly mappingFiles: MappingFiles;
}

export interface MartOptions {
  /** The workspace folder; marts go to `marts/` in it. */
  readonly directory: string;
  /** False: work everything out and check it, but leave the marts alone. */
  readonly write?: boolean;
  readonly memoryLimit?: string;
  readonly progress?: TaskProgress;
  readonly signal?: AbortSignal | undefined;
  readonly models: readonly Model[];
  readonly macros: string;
  /** DuckDB in this process unless given. */
  readonly run?: RunMarts | undefined;
  /** Looks at the inputs before anything is made of them; throws where they cannot be used. */
  examine(database: Database): Promise<void>;
  /** Puts a note on where they come from beside the new marts. */
  describe(folder: string): Promise<void>;
}

/** How a run works: how many statements at a time, and where it puts things. */
export interface RunPlan {
  readonly parallel: number;
  /** Removed after the run. */
  readonly scratch: string;
  /** Gets the marts and what belongs beside them; null: nothing is to be written. */
  readonly next: string | null;
}

/** Runs the models over the inputs, which `database` has, and leaves the marts in it. Returns what is broken, in words. */
export type RunMarts = (
  database: Database,
  inputs: MartInputs,
  options: MartOptions & RunPlan,
) => Promise<readonly string[]>;

export interface MartResult {
  /** The `summary` mart: one row per currency, decimals as strings. */
  readonly summary: Record<string, unknown>[];
  /** The same with what has no price side by side. */
  readonly totals: Record<string, unknown>[];
  /** The `data_problems` mart. */
  readonly problems: Record<string, unknown>[];
  /** The `integrations` mart. */
  readonly integrations: Record<string, unknown>[];
  /** Rows of the `services_billed` mart. */
  readonly liveLines: number;
  /** Decisions to bill or credit whose agreed quantity does the opposite. */
  readonly contradicted: Record<string, unknown>[];
  /** Decisions to bill or credit that say nothing of when they were made: what is due once is due every month. */
  readonly undated: Record<string, unknown>[];
}

/** The marts that `readResult` reads. */
export const readByResult = ["summary", "data_problems", "integrations", "services_billed", "work_list", "adjustments"];

/** What a run tells of its marts, wherever the database has them from. */
export async function readResult(database: Database): Promise<MartResult> {
  const [billed] = await database.rows("select count(*) as live_lines from services_billed");
  return {
    liveLines: Number(billed?.live_lines),
    summary: await database.rows("select * from summary order by currency"),
    totals: await database.rows(`${summaryTotals()} order by currency`),
    problems: await database.rows("select * from data_problems order by all"),
    integrations: await database.rows("select * from integrations order by kind, connection_id"),
    contradicted: await database.rows(
      `select client_id, coalesce(service_id, product_id) as subject, decision, agreed_quantity, invoiced_quantity
       from work_list
       where decision_state = 'decided'
         and (
           (delta_quantity > 0 and agreed_quantity < invoiced_quantity)
           or (delta_quantity < 0 and agreed_quantity > invoiced_quantity)
         )
       order by client_id, subject`,
    ),
    undated: await database.rows(
      `select distinct work_list.client_id, coalesce(work_list.service_id, work_list.product_id) as subject, work_list.decision
       from work_list inner join adjustments on work_list.reconciliation_id = adjustments.reconciliation_id
       where work_list.decision_state = 'decided' and work_list.period is null and work_list.decided_at is null
         and (adjustments.agreed_amount is not null or adjustments.days_in_period > 31)
       order by client_id, subject`,
    ),
  };
}

/** Runs the models over a workspace's lake and mappings, checks every promise, and replaces the marts in one step. */
export async function makeMarts(inputs: MartInputs, options: MartOptions): Promise<MartResult> {
  const {directory, write = true, models, macros, run = runInDuckdb} = options;
  const scratch = await makeScratch(directory, {isKept: write});
  const {threads, parallel} = shareCores(inputs);
  const database = await openDatabase({
    threads,
    memoryLimit: options.memoryLimit,
    tempDirectory: join(scratch, "spill"),
  });
  try {
    await database.run(macros);
    await createInputs(database, models, inputs);
    await options.examine(database);
    const next = join(scratch, "marts");
    await mkdir(next);
    const plan = {...options, parallel, scratch, next: write ? next : null};
    const broken = await run(database, inputs, plan).catch(async (error) => {
      throw isOverflow(error) ? await explainOverflow(database, error) : error;
    });
    if (broken.length > 0) {
      // They contradict one another or the lake: a fault of the models, never of the data.
      throw new Error(
        `The marts do not hold what they promise; nothing was written.\n${[...broken].sort().join("\n")}`,
      );
    }
    const result = await readResult(database);
    if (write) {
      await options.describe(next);
      await makeFolderDurable(next);
      await replaceFolder(join(directory, "marts"), next);
    }
    return result;
  } finally {
    database.close();
    await removeUnfinished(scratch);
  }
}

/** From so many rows in the lake on, single statements are worth several cores. */
const manyRows = 3_000_000;

/**
 * Cores for a statement, and statements at a time. On few rows several cores for one statement mostly wait for each other:
 * each has one then, and as many run as there are cores (Node runs four at the most).
 */
function shareCores({syncs}: MartInputs): {threads: number; parallel: number} {
  const cores = availableParallelism();
  const rows = syncs.filter((sync) => sync.is_current === true).reduce((sum, sync) => sum + Number(sync.rows_kept), 0);
  return rows < manyRows ? {threads: 1, parallel: Math.min(cores, 4)} : {threads: cores, parallel: 3};
}

async function runInDuckdb(
  database: Database,
  {mappingFiles}: MartInputs,
  {models, macros, progress, signal, parallel, next}: MartOptions & RunPlan,
): Promise<readonly string[]> {
  const broken: string[] = [];
  const making = modelTasks(models, broken);
  const tasks = next === null ? making : [...writeTasks(models, macros, mappingFiles, next), ...making.map(afterFiles)];
  await runTasks(database, tasks, {parallel, progress, signal});
  return broken;
}

/**
 * Makes the folder that marts are made in, and removes those that killed runs left behind, with what they spilled. Where nothing
 * may be written in the workspace it is a temporary one, unless what is made in it is kept there.
 */
export async function makeScratch(directory: string, {isKept = true} = {}): Promise<string> {
  const isReadOnly = await access(directory, constants.W_OK).then(
    () => false,
    () => true,
  );
  if (isReadOnly && !isKept) return mkdtemp(join(tmpdir(), "trueup-marts-"));
  await sweepUnfinished(directory, ".marts-");
  return makeUnfinished(directory, ".marts-");
}

/** Makes the tables and views that the models read. */
export async function createInputs(
  database: Database,
  models: readonly Model[],
  {lake, closed, mappings, mappingFiles: _, ...tables}: MartInputs,
): Promise<void> {
  await createLakeViews(database, lake);
  await createQuarantine(database, lake);
  await createSnapshotViews(database, models, closed);
  for (const [name, rows] of Object.entries(tables)) {
    await createTable(database, name, inputTables[name as keyof typeof tables], rows);
  }
  for (const table of mappingNames) {
    const name = `mapping_${table}` as const;
    await createTable(database, name, inputTables[name], mappings[table]);
  }
}

/** What a browser needs to try other mappings stands beside the marts, so that it is always of the same run. */
function writeTasks(models: readonly Model[], macros: string, files: MappingFiles, folder: string): Task[] {
  const {mapped} = selectMappedModels(models, macros);
  return [
    ...models.filter(isMart).map((model) => writeMart(model, folder)),
    {
      name: "preview",
      after: mapped.tables,
      run: (database) => writePreview(database, {mapped, files, folder: join(folder, "preview")}),
    },
  ];
}
