import {execFile} from "node:child_process";
import {mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterEach, beforeEach, expect, it} from "vitest";
import {parse} from "yaml";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: {readonly path?: string; readonly key?: string};
}

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-nightly-"));
});
afterEach(() => rm(folder, {recursive: true, force: true}));

/** What the job runs and ends with where `trueup sync` ends with a code. */
async function runNight(codeOfSync: number, more: NodeJS.ProcessEnv = {}): Promise<{code: number; verbs: string[]}> {
  await mkdir(join(folder, "loaders"), {recursive: true});
  const command = `const verb = process.argv[3]; console.log(verb); if (verb === "sync") process.exit(${codeOfSync});`;
  await writeFile(join(folder, "loaders", "bin.js"), command);
  const script = fileURLToPath(new URL("../../data/schedule/nightly.sh", import.meta.url));
  const env = {PATH: process.env.PATH, TRUEUP: folder, TRUEUP_WORKSPACE: folder, SITE: join(folder, "site"), ...more};
  return new Promise((done) => {
    execFile(script, {env}, (error, stdout) => {
      done({code: error === null ? 0 : Number(error.code), verbs: stdout.trim().split("\n")});
    });
  });
}

it("goes on where a connection failed, and ends where the settings are wrong", async () => {
  expect(await runNight(1)).toEqual({code: 0, verbs: ["sync", "reconcile", "build", "report", "report"]});
  expect(await runNight(2)).toEqual({code: 2, verbs: ["sync"]});
});

it("mails the report as UTF-8, which cron's own locale is not", async () => {
  await writeFile(join(folder, "mail"), "#!/bin/sh\nlocale charmap\n", {mode: 0o755});
  const {verbs} = await runNight(0, {PATH: `${folder}:${process.env.PATH}`, MAIL_TO: "billing@northwind.example"});
  expect(verbs).toEqual(["sync", "reconcile", "build", "report", "UTF-8", "report"]);
});

const workflow = parse(await readFile(new URL("../../data/schedule/nightly.yml", import.meta.url), "utf8"));
const steps: readonly Step[] = workflow.jobs.reconcile.steps;

it("keeps the lake and the report of a night that ends above the limit as well", () => {
  const restored = steps.findIndex(({uses}) => uses?.startsWith("actions/cache/restore@"));
  const job = steps.findIndex(({run}) => run?.includes("nightly.sh"));
  const saved = steps.findIndex(({uses}) => uses?.startsWith("actions/cache/save@"));
  // The one action that does both saves nothing after a job that failed.
  expect(steps.filter(({uses}) => uses?.startsWith("actions/cache@"))).toEqual([]);
  expect([restored, job, saved].every((index) => index >= 0)).toBe(true);
  expect(restored < job && job < saved).toBe(true);
  expect(steps[saved]?.if).toBe("always()");
  expect(steps[saved]?.with?.path).toBe(steps[restored]?.with?.path);
  expect(steps[saved]?.with?.path?.split("\n")).toEqual(["workspace/lake", "workspace/.last-report.json", ""]);
});
