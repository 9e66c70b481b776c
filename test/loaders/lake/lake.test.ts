import {mkdir, mkdtemp, readdir, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {
  beginSync,
  endSync,
  findSync,
  lakeFiles,
  listSyncs,
  pruneSyncs,
  type SyncRecord,
} from "../../../loaders/lake/lake.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-lake-"));
});
afterEach(() => rm(directory, {recursive: true, force: true}));

/** The text of a record. */
const recordOf = (values: Partial<SyncRecord>): string =>
  JSON.stringify({
    ...{connection_id: "rmm", connector: "csv-usage", side: "usage", error: null, fresh_at: null},
    ...{started_at: "", ended_at: "", notes: [], files: []},
    ...{rows_read: 0, rows_kept: 0, rows_quarantined: 0, failed_parts: []},
    ...values,
  });

/** Attempts of one connection, the oldest first, each with a file in its folder. */
async function attempts(...states: readonly SyncRecord["status"][]): Promise<SyncRecord[]> {
  const syncs = states.map((status, index) => ({connection_id: "rmm", sync_id: `${index + 1}`, status}) as SyncRecord);
  for (const {sync_id} of syncs) {
    await mkdir(join(directory, "lake", "rmm", sync_id), {recursive: true});
    await writeFile(join(directory, "lake", "rmm", sync_id, "seats.parquet"), "");
  }
  return syncs;
}
const left = async (): Promise<string[]> => (await readdir(join(directory, "lake", "rmm"))).sort();

it("removes all attempts but the newest ones, when there are more", async () => {
  const syncs = await attempts("succeeded", "succeeded", "failed", "succeeded");
  await pruneSyncs({directory}, syncs, 4);
  expect(await left()).toEqual(["1", "2", "3", "4"]);
  await pruneSyncs({directory}, syncs, 2);
  expect(await left()).toEqual(["3", "4"]);
});

it("never removes the current data, however many attempts failed since", async () => {
  await pruneSyncs({directory}, await attempts("succeeded", "partial", "failed", "failed", "failed"), 2);
  expect(await left()).toEqual(["2", "4", "5"]);
});

it("lists attempts from the oldest on, and nothing that is unfinished or no attempt", async () => {
  const ids = Array.from({length: 15}, (_, day) => `202611${10 + day}T020000000Z`);
  for (const [index, id] of [...ids, ".tmp-20261125T020000000Z-1"].entries()) {
    const record = recordOf({sync_id: id, status: index % 2 === 0 ? "succeeded" : "failed"});
    await mkdir(join(directory, "lake", "rmm", id), {recursive: true});
    await writeFile(join(directory, "lake", "rmm", id, "sync.json"), record);
  }
  await mkdir(join(directory, "lake", "rmm", "20261101T020000000Z"));
  await writeFile(join(directory, "lake", "rmm", "notes.txt"), "");
  expect((await listSyncs({directory}, "rmm")).map(({sync_id}) => sync_id)).toEqual(ids);
  expect((await findSync({directory}, "rmm", String(ids[1])))?.status).toBe("failed");
  expect(await findSync({directory}, "rmm", "20261101T020000000Z")).toBeUndefined();
  expect(await listSyncs({directory}, "edr")).toEqual([]);
});

it("removes the folder that a record stands in, wherever the record leads", async () => {
  await mkdir(join(directory, "precious"));
  for (const [id, values] of [
    ["1", {sync_id: "../../precious"}],
    ["2", {sync_id: "precious", connection_id: ".."}],
    ["3", {sync_id: "3"}],
  ] as const) {
    await mkdir(join(directory, "lake", "rmm", id), {recursive: true});
    await writeFile(join(directory, "lake", "rmm", id, "sync.json"), recordOf({...values, status: "succeeded"}));
  }
  await pruneSyncs({directory}, await listSyncs({directory}, "rmm"), 1);
  expect(await readdir(directory)).toEqual(["lake", "precious"]);
  expect(await left()).toEqual(["3"]);
});

it("leaves nothing of an attempt that cannot be put in its place", async () => {
  const {syncId, folder} = await beginSync(directory, "rmm", new Date("2026-11-23T02:00:00Z"), []);
  expect(syncId).toBe("20261123T020000000Z");
  await mkdir(join(directory, "lake", "rmm", syncId, "in-the-way"), {recursive: true});
  const record = {connection_id: "rmm", sync_id: syncId} as SyncRecord;
  await expect(endSync({directory}, folder, record)).rejects.toThrow(/ENOTEMPTY|EPERM|EEXIST/);
  expect(await readdir(join(directory, "lake", "rmm"), {recursive: true})).toEqual([
    syncId,
    join(syncId, "in-the-way"),
  ]);
});

it("knows where the rows of a sync are, and those that it quarantined where there are any", () => {
  const record = {connection_id: "rmm", sync_id: "1", files: [{table: "seats"}, {table: "counts"}]};
  const storage = {keys: null} as never;
  const of = (rows_quarantined: number, place: Parameters<typeof lakeFiles>[0]) =>
    lakeFiles(place, {...record, rows_quarantined} as SyncRecord);
  const folder = join(directory, "lake", "rmm", "1");
  expect(of(2, {directory})).toEqual({
    ...{connectionId: "rmm", quarantine: `${folder}/quarantine.parquet`, storage: null},
    files: {seats: [`${folder}/seats.parquet`], counts: [`${folder}/counts.parquet`]},
  });
  expect(of(0, {directory, lake: "s3://acme/lake", storage})).toMatchObject({
    ...{quarantine: null, storage, files: {seats: ["s3://acme/lake/rmm/1/seats.parquet"]}},
  });
});

it("names a sync for its moment, also after one that somebody put there under a name of its own", async () => {
  const now = new Date("2026-11-23T02:00:00Z");
  const restored = {connection_id: "rmm", sync_id: "restored", status: "succeeded"} as SyncRecord;
  expect((await beginSync(directory, "rmm", now, [restored])).syncId).toBe("20261123T020000000Z");
});
