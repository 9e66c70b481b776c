import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it} from "vitest";
import {reconcile} from "../../loaders/reconcile.js";
import {sync} from "../../loaders/sync.js";
import {readWorkspace} from "../../loaders/workspace.js";
import {startDemonstration} from "../vendors/demo.js";

it("starts vendors and a workspace that reads them, with nothing but what it wrote", async () => {
  const directory = await mkdtemp(join(tmpdir(), "trueup-demo-"));
  const {urls, close} = await startDemonstration(directory, 0);
  try {
    const lines = (await readFile(join(directory, "demo.env"), "utf8")).trim().split("\n");
    const env = Object.fromEntries(lines.map((line) => [line.split("=")[0], line.replace(/^[^=]+='(.*)'$/, "$1")]));
    const workspace = await readWorkspace(directory);
    expect(workspace.connections.map(({id}) => id)).toEqual([...urls.keys()]);
    const records = await sync(workspace, {env, isUnlimited: true});
    expect(records.map(({status, error}) => [status, error])).toEqual(records.map(() => ["succeeded", null]));
    const {summary} = await reconcile(workspace);
    expect(Number(summary[0]?.discrepancy_count)).toBeGreaterThan(0);
  } finally {
    await close();
    await rm(directory, {recursive: true, force: true});
  }
});
