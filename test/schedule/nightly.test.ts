import {readFile} from "node:fs/promises";
import {expect, it} from "vitest";
import {parse} from "yaml";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: {readonly path?: string; readonly key?: string};
}

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
