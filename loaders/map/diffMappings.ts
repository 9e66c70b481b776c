import {existsSync} from "node:fs";
import {stat} from "node:fs/promises";
import {join} from "node:path";
import type {Change} from "../../src/lib/compareFigures.js";
import {openMappedFigures} from "../../src/lib/mappedFigures.js";
import {readMappingFiles} from "../../src/lib/readMappingCsv.js";
import {openDatabase} from "../database.js";
import {removeUnfinished} from "../files/unfinished.js";
import {selectMappedModels} from "../marts/mappedModels.js";
import {createInputs, makeScratch} from "../marts/marts.js";
import {modelTasks, readMacros, readModels} from "../marts/models.js";
import {explainOverflow, isOverflow} from "../marts/overflow.js";
import {checkMappingFolder, readInputs} from "../marts/reconcile.js";
import {runTasks, type TaskProgress} from "../marts/runTasks.js";
import {ConfigurationError, type Problem} from "../problems.js";
import type {Workspace} from "../workspace/workspace.js";

/** No file decides nothing; no folder is a mistyped one, and a workspace has its mapping files in another. */
async function refuseOther(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => null);
  if (!found?.isDirectory()) throw new ConfigurationError([{file: folder, message: "there is no such folder."}]);
  if (!existsSync(join(folder, "workspace.yaml"))) return;
  const message = "is a workspace, not a folder with mapping files.";
  throw new ConfigurationError([{file: folder, message, remedy: "Name its folder mappings."}]);
}

/** What the mappings of one folder change against those of another, over the same lake. Writes nothing that stays. */
export async function diffMappings(
  workspace: Workspace,
  {
    before,
    after,
    progress,
    warn = () => {},
    signal,
  }: {
    before: string;
    after: string;
    progress?: TaskProgress;
    warn?: (problem: Problem) => void;
    signal?: AbortSignal;
  },
): Promise<Change> {
  await Promise.all([refuseOther(before), refuseOther(after)]);
  const {errors, warnings, files} = await checkMappingFolder(workspace, after);
  if (errors.length > 0) throw new ConfigurationError(errors);
  for (const warning of warnings) warn(warning);
  const inputs = await readInputs(workspace, before);
  const spill = await makeScratch(workspace.directory, {isKept: false});
  const database = await openDatabase({tempDirectory: spill});
  const interrupt = (): void => database.connection.interrupt();
  signal?.addEventListener("abort", interrupt);
  try {
    signal?.throwIfAborted();
    const [models, macros] = await Promise.all([readModels(), readMacros()]);
    const selection = selectMappedModels(models, macros);
    await database.run(macros);
    await createInputs(database, models, inputs);
    const broken: string[] = [];
    await runTasks(database, modelTasks(selection.before, broken), {progress, signal});
    const sql = {
      run: (statement: string) => database.run(statement),
      rows: async (query: string) => (await database.rows(query)) as Record<string, string | null>[],
    };
    const figures = await openMappedFigures(sql, selection.mapped, readMappingFiles(inputs.mappingFiles), {
      knowsAllSeats: true,
    });
    const result = await figures.run(readMappingFiles(files));
    if (result.change === null) throw new ConfigurationError(result.problems);
    return result.change;
  } catch (error) {
    signal?.throwIfAborted();
    throw isOverflow(error) ? await explainOverflow(database, error) : error;
  } finally {
    signal?.removeEventListener("abort", interrupt);
    database.close();
    await removeUnfinished(spill);
  }
}
