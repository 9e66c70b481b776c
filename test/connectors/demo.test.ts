import {existsSync} from "node:fs";
import {mkdtemp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {readWorkspace} from "../../loaders/workspace/workspace.js";
import {runTrueup} from "../loaders/runTrueup.js";
import {type Demonstration, startDemonstration} from "../vendors/demo.js";
import {findSecrets} from "./syncVendor.js";

/** The made-up vendors and their workspace, as a newcomer uses them: by the command. */

let directory: string;
let demonstration: Demonstration;
let env: Record<string, string>;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-demo-"));
  demonstration = await startDemonstration(directory, 0);
  const lines = (await readFile(join(directory, "demo.env"), "utf8")).trim().split("\n");
  env = Object.fromEntries(lines.map((line) => [line.split("=")[0], line.replace(/^[^=]+='(.*)'$/, "$1")]));
  // The one file that the secrets stand in.
  await rm(join(directory, "demo.env"));
});
afterAll(async () => {
  await demonstration.close();
  await rm(directory, {recursive: true, force: true});
});

const trueup = async (args: readonly string[], variables: Readonly<Record<string, string>>) => {
  const {code, out, err} = await runTrueup([...args, "-w", directory], {env: variables});
  return {code, said: out + err};
};

it("syncs, reconciles and builds, and no secret is in the lake, the marts, the site or what was said", async () => {
  const {connections} = await readWorkspace(directory);
  expect(connections.map(({id}) => id)).toEqual([...demonstration.urls.keys()]);
  const synced = await trueup(["sync"], env);
  expect(synced.code, synced.said).toBe(0);
  expect(synced.said.match(/succeeded/g)).toHaveLength(connections.length);
  const reconciled = await trueup(["reconcile", "--json"], env);
  expect(reconciled.code, reconciled.said).toBe(0);
  expect(reconciled.said).toMatch(/"discrepancy_count": [1-9]/);
  const built = await trueup(["build", "--out", join(directory, "dist")], env);
  expect(built.code, built.said).toBe(0);
  const wrong = Object.fromEntries(Object.entries(env).map(([name, value]) => [name, `${value}planted`]));
  const refused = await trueup(["sync", "--full"], wrong);
  expect(refused).toMatchObject({code: 1});
  expect(refused.said.match(/failed/g)).toHaveLength(connections.length);

  const said = [synced, reconciled, built, refused].map((ran) => ran.said);
  expect(await findSecrets(directory, {env}, ...said)).toEqual([]);
  expect(await findSecrets(directory, {env: wrong}, ...said)).toEqual([]);
}, 300_000);

it("leaves a workspace alone that is not its own", async () => {
  const own = await mkdtemp(join(tmpdir(), "trueup-own-"));
  try {
    await writeFile(join(own, "workspace.yaml"), "name: Acme MSP\n");
    await expect(startDemonstration(own, 0)).rejects.toThrow(/holds another workspace/);
    expect(await readdir(own)).toEqual(["workspace.yaml"]);
  } finally {
    await rm(own, {recursive: true, force: true});
  }
});

it.skipIf(!existsSync("/proc/self"))("fails where no folder can be made, and leaves nothing running", async () => {
  const {code, err} = await runTrueup(["demo-vendors", "--dir", "/proc/below/demo"]);
  expect({code, err}).toEqual({code: 1, err: "/proc/below: there is no such file or folder.\n"});
});
