import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {reconcile} from "../../loaders/marts/reconcile.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";
import {copySynced} from "../sample/madeSample.js";

const header = "client_id,service_id,decision,quantity,amount,currency,delta_quantity,impact_monthly,reason,owner";

/** A copy of the sample workspace with decisions of its own, reconciled, in a folder that `remove` takes away. */
export async function sampleMarts(
  ...decisions: readonly string[]
): Promise<{directory: string; remove: () => Promise<void>}> {
  const directory = await mkdtemp(join(tmpdir(), "trueup-exports-"));
  await copySynced(directory);
  await writeFile(join(directory, "mappings", "decisions.csv"), `${[header, ...decisions].join("\n")}\n`);
  await reconcile(await readWorkspace(directory));
  return {directory, remove: () => rm(directory, {recursive: true, force: true})};
}
