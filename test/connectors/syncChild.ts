import {sync} from "../../loaders/sync.js";
import {readWorkspace} from "../../loaders/workspace.js";

/** Syncs the vendor of a workspace once in a process of its own, to be killed: `syncChild.ts DIR NOW`. */
const [directory = "", now = ""] = process.argv.slice(2);
const workspace = await readWorkspace(directory);
process.send?.("ready");
const [record] = await sync(workspace, {
  only: ["vendor"],
  now: () => new Date(now),
  backoff: 1,
  isUnlimited: true,
});
process.exitCode = record?.status === "succeeded" ? 0 : 1;
process.disconnect?.();
