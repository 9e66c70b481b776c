import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {sync} from "../../loaders/lake/sync.js";
import {reconcile} from "../../loaders/marts/reconcile.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";
import {copySample} from "../sample/copySample.js";

const header = "client_id,service_id,decision,quantity,amount,currency,delta_quantity,impact_monthly,reason,owner";

/** A copy of the sample workspace with decisions of its own, reconciled, in a folder that `remove` takes away. */
export async function sampleMarts(
  ...decisions: readonly string[]
): Promise<{directory: string; remove: () => Promise<void>}> {
  const directory = await mkdtemp(join(tmpdir(), "trueup-exports-"));
  await copySample(directory);
  await writeFile(join(directory, "mappings", "decisions.csv"), `${[header, ...decisions].join("\n")}\n`);
  const workspace = await readWorkspace(directory);
  await sync(workspace);
  await reconcile(workspace);
  return {directory, remove: () => rm(directory, {recursive: true, force: true})};
}
