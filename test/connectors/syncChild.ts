import {sync} from "../../loaders/lake/sync.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";

/** Syncs the vendors of workspaces side by side in a process of its own, to be killed: `syncChild.ts NOW DIR…`. */
const [now = "", ...directories] = process.argv.slice(2);
const workspaces = await Promise.all(directories.map((directory) => readWorkspace(directory)));
process.send?.("ready");
const options = {only: ["vendor"], now: () => new Date(now), env: process.env, backoff: 1, isUnlimited: true};
const records = await Promise.all(workspaces.map((workspace) => sync(workspace, options)));
process.exitCode = records.flat().every(({status}) => status === "succeeded") ? 0 : 1;
process.disconnect?.();
