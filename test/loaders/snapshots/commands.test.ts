import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {copySample} from "../../sample/copySample.js";
import {runTrueup} from "../runTrueup.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-close-"));
});
afterAll(() => rm(folder, {recursive: true, force: true}));

it("closes a month, lists it, writes what goes out of it, and takes it back", async () => {
  const directory = await copySample(join(folder, "months"));
  const run = (...args: string[]) => runTrueup([...args, "-w", directory], {cwd: folder});
  expect((await run("periods")).out).toBe("No period is closed. `trueup close --period 2026-10` closes one.\n");
  await run("sync");
  await run("reconcile");
  const closed = await run("close", "--period", "2026-11");
  expect(closed.code).toBe(0);
  expect(closed.err).toMatch(/^Closed 2026-11 as of 2026-11-23: .*\nwarning: the figures are as of 7 days before .*\n/);
  const again = await run("close", "--period", "2026-11", "--replace");
  expect(again.err).toContain("\nThe earlier snapshot is snapshots/2026-11.superseded-1 now.\n");

  // From here on the snapshot alone can tell.
  await rm(join(directory, "marts"), {recursive: true});
  const {code, out, err} = await run("periods");
  expect({code, err}).toEqual({code: 0, err: ""});
  expect(out.split("\n").map((line) => line.split(/ +/).slice(0, 3).join(" "))).toEqual([
    ...["USD", "CAD", "EUR"].map((currency) => `2026-11 2026-11-23 ${currency}`),
    ...["USD", "CAD", "EUR"].map((currency) => `2026-11.superseded-1 2026-11-23 ${currency}`),
    "",
  ]);
  const all = await run("export", "adjustments", "--period", "2026-11");
  expect(all.out.trimEnd().split("\r\n")).toHaveLength(1 + Number(/^(\d+) changes\.\n$/.exec(all.err)?.[1]));
  const decided = await run("export", "adjustments", "--format", "halopsa", "--period", "2026-11", "--out", "h.csv");
  expect(decided.out).toBe("");
  expect(decided.err).toMatch(
    /^\d changes? in h\.csv\.\nLeft out: \d+ that are not decided; --state all has them too\.\n$/,
  );
  expect(await readFile(join(folder, "h.csv"), "utf8")).toContain("recurring_invoice_id,");
  const page = await run("report", "--format", "html", "--period", "2026-11", "--out", "report.html");
  expect(page).toEqual({code: 0, out: "", err: ""});
  expect(await readFile(join(folder, "report.html"), "utf8")).toMatch(/^<!doctype html>/);

  const reopened = await run("reopen", "--period", "2026-11");
  expect(reopened.err).toBe("2026-11 is open again. Its snapshot is snapshots/2026-11.superseded-2 now.\n");
  expect(await run("report", "--period", "2026-11")).toMatchObject({code: 2, out: ""});
}, 180_000);
