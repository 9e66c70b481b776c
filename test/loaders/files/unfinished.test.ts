import {spawnSync} from "node:child_process";
import {mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it, vi} from "vitest";
import {closeMonths} from "../../../data/sample/closeMonths.js";
import {endingOf, makeUnfinished, removeUnfinished, sweepUnfinished} from "../../../loaders/files/unfinished.js";
import {beginSync, endSync, listSyncs, type SyncRecord} from "../../../loaders/lake/lake.js";
import {sync} from "../../../loaders/lake/sync.js";
import {applySuggestions} from "../../../loaders/map/applySuggestions.js";
import {suggestMappings} from "../../../loaders/map/suggestMappings.js";
import {reconcile} from "../../../loaders/marts/reconcile.js";
import {initWorkspace} from "../../../loaders/workspace/init.js";
import {readWorkspace} from "../../../loaders/workspace/workspace.js";

/** Folders that are not finished: those that nobody writes any more are removed, those of others at work never. */

const running = endingOf(process.ppid);
const dead = endingOf(spawnSync(process.execPath, ["--version"]).pid);
/** Another container, or another machine that shares the disk. */
const elsewhere = "0badcafe";
const longAgo = new Date(Date.now() - 10 * 60_000);
let directory: string;

beforeAll(async () => {
  directory = join(await mkdtemp(join(tmpdir(), "trueup-unfinished-")), "acme");
  await initWorkspace(directory);
  const files = {
    "psa/clients.csv": "client_id,client_name\nC,Acme\n",
    "psa/services.csv": "service_id,service_name\nS,Seat\n",
    "m365/accounts.csv": "account_id,account_name\nA,Acme\n",
    "m365/products.csv": "product_id,product_name\nP,Seat\n",
    "m365/seats.csv": "seat_id,account_id,product_id\n1,A,P\n",
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(directory, "imports", name), text);
});
afterAll(() => rm(join(directory, ".."), {recursive: true, force: true}));

async function leave(parent: string, ...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(join(parent, name, "spill"), {recursive: true});
    await writeFile(join(parent, name, "spill", "duckdb.tmp"), "much");
  }
}

async function left(parent: string, prefix: string): Promise<string[]> {
  return (await readdir(parent)).filter((name) => name.startsWith(prefix)).sort();
}

describe("a folder that is not finished", () => {
  it("is known by its process, of which several may be had", async () => {
    const parent = join(directory, "..", "several");
    const folders = [await makeUnfinished(parent, ".work-"), await makeUnfinished(parent, ".work-")];
    expect(new Set(folders).size).toBe(2);
    await leave(parent, `.work-${dead}`, `.work-${running}`, ".work-of-an-earlier-version", ".other-1");
    await utimes(join(parent, ".work-of-an-earlier-version"), longAgo, longAgo);
    await sweepUnfinished(parent, ".work-");
    expect((await left(parent, ".")).map((name) => join(parent, name))).toEqual(
      [...folders, join(parent, ".other-1"), join(parent, `.work-${running}`)].sort(),
    );
    for (const folder of folders) await removeUnfinished(folder);
    expect(await left(parent, ".work-")).toEqual([`.work-${running}`]);
  });

  it("is one that a killed run left where the process has the same id, as in a container", async () => {
    const parent = join(directory, "..", "container");
    await leave(parent, `.work-${endingOf(process.pid)}`);
    await sweepUnfinished(parent, ".work-");
    expect(await left(parent, ".work-")).toEqual([]);
    await leave(parent, `.work-${endingOf(process.pid)}`);
    expect(await readdir(await makeUnfinished(parent, ".work-"))).toEqual([]);
  });

  it("is left to a process that runs elsewhere, whatever its id, as long as that renews it", async () => {
    const parent = join(directory, "..", "elsewhere");
    const names = [1, process.pid, process.ppid].map((pid) => `.work-${elsewhere}-${pid}`).sort();
    await leave(parent, ...names);
    await sweepUnfinished(parent, ".work-");
    await removeUnfinished(await makeUnfinished(parent, ".work-"));
    expect(await left(parent, ".work-")).toEqual(names);
    for (const name of names) expect(await readdir(join(parent, name))).toEqual(["spill"]);
    for (const name of names) await utimes(join(parent, name), longAgo, longAgo);
    await sweepUnfinished(parent, ".work-");
    expect(await left(parent, ".work-")).toEqual([]);
  });

  it("is renewed while its process is at work, however long that takes", async () => {
    vi.useFakeTimers({toFake: ["setInterval", "clearInterval"]});
    try {
      const folder = await makeUnfinished(join(directory, "..", "renewed"), ".work-");
      await utimes(folder, longAgo, longAgo);
      vi.advanceTimersByTime(60_000);
      await vi.waitFor(async () => expect((await stat(folder)).mtimeMs).toBeGreaterThan(longAgo.getTime()));
      await removeUnfinished(folder);
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });
});

it("is no longer there after the next sync, unless it is that of another sync at work", async () => {
  const now = new Date("2026-11-23T02:00:00Z");
  const lake = join(directory, "lake", "m365");
  const other = await beginSync(directory, "m365", now, []);
  await leave(
    lake,
    `.tmp-20261122T020000000Z-${dead}`,
    `.tmp-20261122T030000000Z-${running}`,
    ".tmp-20261122T040000000Z",
  );
  await utimes(join(lake, ".tmp-20261122T040000000Z"), longAgo, longAgo);
  const workspace = await readWorkspace(directory);
  const records = await sync(workspace);
  expect(records).toMatchObject([{status: "succeeded"}, {status: "succeeded"}]);
  expect(await left(lake, ".tmp-")).toEqual([
    `.tmp-20261122T030000000Z-${running}`,
    expect.stringMatching(/^\.tmp-20261123T020000000Z-/),
  ]);
  await endSync(workspace, other.folder, {...(records[1] as SyncRecord), sync_id: other.syncId});
  expect((await listSyncs(workspace, "m365")).map(({sync_id}) => sync_id)).toContain(other.syncId);
});

it("is no longer there after the next reconciliation, spilled rows and all", async () => {
  const earlier = ".marts-0b4f3c1e-83d1-4a5f-9a77-1d2c3b4a5e6f";
  await leave(directory, `.marts-${dead}`, `.marts-${running}`, earlier);
  await utimes(join(directory, earlier), longAgo, longAgo);
  await reconcile(await readWorkspace(directory), {force: true});
  expect(await left(directory, ".marts-")).toEqual([`.marts-${running}`]);
});

it("is that of its process also while suggestions are tried", async () => {
  const workspace = await readWorkspace(directory);
  const suggestions = join(directory, "suggestions.csv");
  await writeFile(suggestions, (await suggestMappings(directory, 0.9)).csv);
  const applying = applySuggestions(workspace, suggestions, {by: "Ann", at: "2026-11-24"});
  const seen = new Set<string>();
  let isDone = false;
  const done = applying.finally(() => {
    isDone = true;
  });
  while (!isDone) for (const name of await left(directory, ".marts-")) seen.add(name);
  await done;
  seen.delete(`.marts-${running}`);
  expect([...seen]).toEqual([`.marts-${endingOf(process.pid)}`]);
});

it("is left to the run that closes the sample's months already", async () => {
  const snapshots = join(directory, "snapshots");
  await leave(snapshots, `.months-${running}`, `.months-${dead}`);
  expect(await closeMonths(directory)).toEqual([]);
  expect(await readdir(snapshots)).toEqual([`.months-${running}`]);
});
