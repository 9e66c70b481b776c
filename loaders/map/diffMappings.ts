import {existsSync} from "node:fs";
import type {Change} from "../../src/lib/compareFigures.js";
import {openMappedFigures} from "../../src/lib/mappedFigures.js";
import {readMappingFiles} from "../../src/lib/readMappingCsv.js";
import {openDatabase} from "../database.js";
import {selectMappedModels} from "../mappedModels.js";
import {createInputs, makeScratch} from "../marts.js";
import {modelTasks, readMacros, readModels} from "../models.js";
import {ConfigurationError} from "../problems.js";
import {checkMappingFolder, readInputs} from "../reconcile.js";
import {runTasks, type TaskProgress} from "../runTasks.js";
import {removeUnfinished} from "../unfinished.js";
import type {Workspace} from "../workspace.js";

/** What the mappings of one folder change against those of another, over the same lake. Writes nothing that stays. */
export async function diffMappings(
  workspace: Workspace,
  {before, after, progress}: {before: string; after: string; progress?: TaskProgress},
): Promise<Change> {
  const absent = [before, after].filter((folder) => !existsSync(folder));
  if (absent.length > 0)
    throw new ConfigurationError(absent.map((file) => ({file, message: "there is no such folder."})));
  const {errors, files} = await checkMappingFolder(workspace, after);
  if (errors.length > 0) throw new ConfigurationError(errors);
  const inputs = await readInputs(workspace, before);
  const spill = await makeScratch(workspace.directory);
  const database = await openDatabase({tempDirectory: spill});
  try {
    const [models, macros] = await Promise.all([readModels(), readMacros()]);
    const selection = selectMappedModels(models, macros);
    await database.run(macros);
    await createInputs(database, models, inputs);
    const broken: string[] = [];
    await runTasks(database, modelTasks(selection.before, broken), {progress});
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
  } finally {
    database.close();
    await removeUnfinished(spill);
  }
}
