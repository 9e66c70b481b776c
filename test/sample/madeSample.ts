import {cp} from "node:fs/promises";
import {join} from "node:path";
import {closeMonths} from "../../data/sample/closeMonths.js";
import {sync} from "../../loaders/lake/sync.js";
import {reconcile} from "../../loaders/marts/reconcile.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";
import {makeOnce} from "../makeOnce.js";
import {copySample} from "./copySample.js";

/** The sample, synced and reconciled, with the months before it closed or as it ships, for tests that write nothing into it. */
export function madeSample(which: "months" | "present"): Promise<string> {
  return makeOnce(which, async (folder) => {
    await copySample(folder);
    if (which === "months") await closeMonths(folder);
    const workspace = await readWorkspace(folder);
    await sync(workspace);
    await reconcile(workspace);
  });
}

/** A copy of the sample as it ships, already synced, for a test to change. Returns the folder. */
export function copySynced(directory: string): Promise<string> {
  return copyMade(directory, "lake");
}

/** The same, already reconciled too. */
export function copyReconciled(directory: string): Promise<string> {
  return copyMade(directory, "lake", "marts");
}

async function copyMade(directory: string, ...made: readonly string[]): Promise<string> {
  const folder = await madeSample("present");
  await copySample(directory);
  for (const name of made) await cp(join(folder, name), join(directory, name), {recursive: true});
  return directory;
}
