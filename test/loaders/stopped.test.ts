import {type ChildProcess, spawn} from "node:child_process";
import {mkdtemp, readdir, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterAll, beforeAll, expect, it} from "vitest";
import {copyReconciled} from "../sample/madeSample.js";
import {bin} from "./runTrueup.js";

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-stopped-"));
  await copyReconciled(directory);
});
afterAll(() => rm(directory, {recursive: true, force: true}));

const inputsUsed = (): Promise<Buffer> => readFile(join(directory, "marts", "inputs_used.parquet"));

/** Waits until the reconciliation has begun: its scratch folder is there. */
async function begun(child: ChildProcess): Promise<void> {
  while (child.exitCode === null) {
    if ((await readdir(directory)).some((name) => name.startsWith(".marts-"))) return;
    await new Promise((done) => setTimeout(done, 2));
  }
  throw new Error("It ended before it could be stopped.");
}

const reconciling = ["reconcile", "--force"];
const mappings = fileURLToPath(new URL("../../data/sample/mappings", import.meta.url));
const comparing = ["map", "diff", mappings, mappings];

it.each([
  [reconciling, "SIGINT"],
  [reconciling, "SIGTERM"],
  [comparing, "SIGINT"],
  [comparing, "SIGTERM"],
] as const)("stops trueup %j at %s, and leaves the marts and nothing else", async (command, signal) => {
  const before = await inputsUsed();
  const child = spawn(process.execPath, [bin, ...command, "-w", directory, "--as-of", "2026-11-22"]);
  const ended = new Promise<number | null>((done) => child.once("exit", (code) => done(code)));
  let err = "";
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  await begun(child);
  child.kill(signal);
  expect(await ended).toBe(1);
  expect(err).toBe("Stopped.\n");
  expect(await inputsUsed()).toEqual(before);
  expect((await readdir(directory)).sort()).toEqual(["imports", "lake", "mappings", "marts", "workspace.yaml"]);
});
