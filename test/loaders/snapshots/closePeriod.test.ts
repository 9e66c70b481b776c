import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it} from "vitest";
import {closePeriod} from "../../../loaders/snapshots/closePeriod.js";
import {findSnapshot, findTampering, type Snapshot} from "../../../loaders/snapshots/snapshots.js";
import {readWorkspace} from "../../../loaders/workspace/workspace.js";
import {octoberWorld, work, writeWorld} from "./months.js";

it("closes a month of which nothing is decided, and says how many days before its end the figures are", async () => {
  const directory = await mkdtemp(join(tmpdir(), "trueup-close-"));
  try {
    await writeWorld(directory, octoberWorld);
    await rm(join(directory, "mappings"), {recursive: true});
    await work(directory, "2026-10-28");
    const workspace = await readWorkspace(directory, {asOf: "2026-10-28"});
    const closed = await closePeriod(workspace, {period: "2026-10", now: new Date("2026-10-29T08:00:00Z")});
    expect(closed.daysBeforeEnd).toBe(3);
    const snapshot = (await findSnapshot(directory, "2026-10")) as Snapshot;
    const folders = new Set(snapshot.manifest.files.map(({path}) => path.split("/")[0]));
    expect([...folders]).toEqual(["marts", "settings.json"]);
    expect(await findTampering(snapshot)).toEqual([]);
  } finally {
    await rm(directory, {recursive: true, force: true});
  }
});
