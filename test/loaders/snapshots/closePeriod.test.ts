import {appendFile, copyFile, mkdtemp, readdir, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {closePeriod} from "../../../loaders/snapshots/closePeriod.js";
import {findSnapshot, findTampering, type Snapshot} from "../../../loaders/snapshots/snapshots.js";
import {readWorkspace} from "../../../loaders/workspace/workspace.js";
import {octoberWorld, work, writeWorld} from "./months.js";

// Nobody can be had to change a mapping in the middle of a copy.
vi.mock("node:fs/promises", {spy: true});

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-close-"));
  await writeWorld(directory, octoberWorld);
});
afterEach(() => rm(directory, {recursive: true, force: true}));

const close = async () =>
  closePeriod(await readWorkspace(directory), {period: "2026-10", now: new Date("2026-10-29T08:00:00Z")});

it("closes a month of which nothing is decided, and says how many days before its end the figures are", async () => {
  await rm(join(directory, "mappings"), {recursive: true});
  await work(directory, "2026-10-28");
  expect((await close()).daysBeforeEnd).toBe(3);
  const snapshot = (await findSnapshot(directory, "2026-10")) as Snapshot;
  const folders = new Set(snapshot.manifest.files.map(({path}) => path.split("/")[0]));
  expect([...folders]).toEqual(["marts", "settings.json"]);
  expect(await findTampering(snapshot)).toEqual([]);
});

it.each([
  ["saved", (mapping: string) => appendFile(mapping, "R9,BK,rmm,SC\n")],
  ["removed", (mapping: string) => rm(mapping, {force: true})],
])("freezes no other mappings than those of the figures where one is %s meanwhile", async (_, change) => {
  await work(directory, "2026-10-28");
  const {copyFile: copy} = await vi.importActual<typeof import("node:fs/promises")>("node:fs/promises");
  vi.mocked(copyFile).mockImplementation(async (from, to) => {
    await copy(from, to);
    const mapping = join(directory, "mappings", "services.csv");
    if (String(from).endsWith("seats.parquet")) await change(mapping);
  });
  const closing = close().finally(() => vi.mocked(copyFile).mockReset());
  await expect(closing).rejects.toThrow(
    "mappings/services.csv: it changed since the figures were worked out. Run `trueup reconcile --as-of 2026-10-28` again",
  );
  expect(await readdir(join(directory, "snapshots"))).toEqual([]);
});
