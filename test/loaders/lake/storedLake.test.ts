import {randomBytes} from "node:crypto";
import {mkdir, mkdtemp, readdir, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, afterEach, beforeAll, describe, expect, it} from "vitest";
import {openDatabase} from "../../../loaders/database.js";
import {currentSync, findSync, lakeFiles, listSyncs, type SyncRecord} from "../../../loaders/lake/lake.js";
import {readStorageAccess} from "../../../loaders/lake/objectStorage.js";
import {storeFolder} from "../../../loaders/lake/storedLake.js";
import {sync} from "../../../loaders/lake/sync.js";
import {reconcile} from "../../../loaders/marts/reconcile.js";
import {readWorkspace, type Workspace} from "../../../loaders/workspace/workspace.js";
import {asStored, openVendor, readLake} from "../../connectors/syncVendor.js";
import {copySample} from "../../sample/copySample.js";
import {changeWorld} from "../../vendors/changeWorld.js";
import {sentinelOne} from "../../vendors/sentinelone.js";
import {makeWorld} from "../../vendors/world.js";

/**
 * A lake in object storage is listed, read and written by DuckDB alone. Here DuckDB does it in a folder, `file://` instead of
 * `s3://`: every statement is the same but those that fetch its extension and hand it the keys.
 */

const sample = new URL("../../../data/sample/", import.meta.url).pathname;
let folder: string;
let local: Workspace;
let stored: Workspace;
let bucket: string;

/** A folder must be there before a file is in it, which is the one thing that object storage does without. */
async function makeRoom(moment: Date, {connections}: Workspace): Promise<void> {
  const name = moment.toISOString().replace(/[-:.]/g, "");
  for (const {id} of connections) await mkdir(join(bucket, id, name, "raw"), {recursive: true});
}

async function syncStored(moment: string, only: string[] = []): Promise<SyncRecord[]> {
  const now = new Date(moment);
  await makeRoom(now, stored);
  return sync(stored, {only, now: () => now});
}

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const database = await openDatabase();
  try {
    return await database.rows(sql);
  } finally {
    database.close();
  }
}

async function martRows(directory: string): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const file of await readdir(join(directory, "marts"))) {
    if (file.endsWith(".parquet")) found[file] = await rows(`from read_parquet('${join(directory, "marts", file)}')`);
  }
  return found;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-stored-"));
  for (const place of ["local", "stored"]) {
    await copySample(join(folder, place));
  }
  bucket = join(folder, "bucket");
  local = await readWorkspace(join(folder, "local"));
  stored = {...(await readWorkspace(join(folder, "stored"))), lake: `file://${bucket}`};
});
afterAll(() => rm(folder, {recursive: true, force: true}));

describe("a lake in object storage", () => {
  const first = "2026-11-23T02:00:00Z";

  it("leads to the same marts as one in a folder, failed connections and all", async () => {
    const records = await sync(local, {now: () => new Date(first)});
    expect(await syncStored(first)).toEqual(records);
    for (const {id} of stored.connections) expect(await listSyncs(stored, id)).toEqual(await listSyncs(local, id));
    const {summary} = await reconcile(local);
    expect((await reconcile(stored)).summary).toEqual(summary);
    expect(await martRows(stored.directory)).toEqual(await martRows(local.directory));
    expect((await reconcile(stored)).unchangedSince).toEqual(stored.asOf);
  });

  it("tells of a sync by its id, also where it is gone", async () => {
    for (const workspace of [local, stored]) {
      const [record] = await listSyncs(workspace, "rmm");
      expect(await findSync(workspace, "rmm", record?.sync_id ?? "")).toEqual(record);
      expect(await findSync(workspace, "rmm", "20200101T000000000Z")).toBeUndefined();
    }
  });

  it("puts the second of two that began at the same moment behind the first", async () => {
    const [record] = await listSyncs(stored, "rmm");
    const names = ["20261101T020000000Z", "20261101T020000000Z-2"];
    for (const sync_id of names) {
      await mkdir(join(bucket, "twice", sync_id), {recursive: true});
      await writeFile(join(bucket, "twice", sync_id, "sync.json"), JSON.stringify({...record, sync_id}));
    }
    expect((await listSyncs(stored, "twice")).map(({sync_id}) => sync_id)).toEqual(names);
  });

  it("has every file of a sync, raw answers too, and leaves none on this machine", async () => {
    for (const {id} of stored.connections) {
      const files = async (root: string) => {
        const entries = await readdir(join(root, id), {recursive: true, withFileTypes: true});
        return entries.filter((entry) => entry.isFile()).map(({name}) => name);
      };
      expect((await files(bucket)).sort()).toEqual((await files(join(local.directory, "lake"))).sort());
      expect(await readdir(join(stored.directory, "lake", id))).toEqual([]);
    }
  });

  it("is what changes alone are put upon", async () => {
    const world = makeWorld();
    const later = changeWorld(world, 24, {isPurged: false});
    const run = await openVendor(sentinelOne, world, {isLimited: false});
    try {
      const workspace = {...(await readWorkspace(run.directory)), lake: stored.lake};
      const syncAt = async ({now}: typeof world): Promise<SyncRecord> => {
        await makeRoom(now, workspace);
        const options = {only: ["vendor"], now: () => now, env: sentinelOne.env, backoff: 1, isUnlimited: true};
        return (await sync(workspace, options))[0] as SyncRecord;
      };
      const first = await syncAt(world);
      run.show(later);
      const second = await syncAt(later);
      expect(second).toMatchObject({status: "succeeded", notes: [], full_at: first.full_at});
      expect(await readLake(run.directory, workspace.lake)).toEqual(await asStored(sentinelOne.expected(later)));
    } finally {
      await run.close();
    }
  });

  it("gets every file byte for byte, and the record only after all others", async () => {
    const [from, to] = [join(folder, "finished"), join(folder, "target")];
    await mkdir(join(from, "raw"), {recursive: true});
    await mkdir(to);
    await writeFile(join(from, "raw", "GET_users.jsonl.gz"), randomBytes(300_000));
    await writeFile(join(from, "sync.json"), "{}\n");
    await rows(`copy (select i from range(300000) as seats(i)) to '${from}/seats.parquet'`);
    await expect(storeFolder(from, `file://${to}`, null)).rejects.toThrow("raw/GET_users.jsonl.gz");
    expect(await readdir(to)).not.toContain("sync.json");
    await mkdir(join(to, "raw"));
    await storeFolder(from, `file://${to}`, null);
    for (const file of ["raw/GET_users.jsonl.gz", "seats.parquet", "sync.json"]) {
      expect((await readFile(join(to, file))).equals(await readFile(join(from, file)))).toBe(true);
    }
  });

  it("takes no notice of a sync whose record did not get there", async () => {
    const before = await listSyncs(stored, "rmm");
    await syncStored("2026-11-23T03:00:00Z", ["rmm"]);
    const [record] = (await listSyncs(stored, "rmm")).slice(-1);
    expect(record?.started_at).toBe("2026-11-23T03:00:00.000Z");
    await rm(join(bucket, "rmm", record?.sync_id ?? "", "sync.json"));
    expect(await listSyncs(stored, "rmm")).toEqual(before);
  });

  it("does not take what cannot be put there, says so, and goes on with what is current", async () => {
    const before = await listSyncs(stored, "rmm");
    const [record] = await sync(stored, {only: ["rmm"], now: () => new Date("2026-11-23T04:00:00Z")});
    expect(record).toMatchObject({status: "failed", files: [], rows_kept: 0, fresh_at: null});
    expect(record?.error).toMatch(/^It could not be put into the lake: .*Cannot open file/);
    expect(await listSyncs(stored, "rmm")).toEqual(before);
  });

  it("looks further back than ten attempts for the last good data", async () => {
    const imports = join(stored.directory, "imports", "rmm");
    await rm(imports, {recursive: true});
    for (let hour = 5; hour < 17; hour++) {
      await syncStored(`2026-11-23T${String(hour).padStart(2, "0")}:00:00Z`, ["rmm"]);
    }
    const syncs = await listSyncs(stored, "rmm");
    expect(syncs.map(({started_at}) => started_at)).toEqual(syncs.map(({started_at}) => started_at).sort());
    expect(syncs.at(-1)).toMatchObject({status: "failed", started_at: "2026-11-23T16:00:00.000Z"});
    const current = currentSync(syncs);
    expect(current?.started_at).toBe("2026-11-23T02:00:00.000Z");
    expect(lakeFiles(stored, current as SyncRecord).files.seats).toEqual([
      `file://${bucket}/rmm/20261123T020000000Z/seats.parquet`,
    ]);
  });
});

describe("the setting", () => {
  let directory: string;
  afterEach(() => rm(directory, {recursive: true, force: true}));

  async function read(lake: string, env: Record<string, string> = {}): Promise<Workspace> {
    directory = await mkdtemp(join(tmpdir(), "trueup-setting-"));
    const text = await readFile(join(sample, "workspace.yaml"), "utf8");
    await writeFile(join(directory, "workspace.yaml"), `lake: ${lake}\n${text}`);
    return readWorkspace(directory, {env});
  }

  it("comes with the keys of the environment that is given, on to every file of the lake", async () => {
    const env = {AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "hush-hush", AWS_REGION: "eu-north-1"};
    const workspace = await read("s3://acme-lake", env);
    expect(workspace.storage).toEqual(readStorageAccess(env));
    const [sync] = await listSyncs(local, "rmm");
    expect(lakeFiles(workspace, sync as SyncRecord).storage).toEqual(workspace.storage);
    expect(local.storage).toBeNull();
    await expect(read("s3://acme-lake", {AWS_ACCESS_KEY_ID: "AKIAEXAMPLE"})).rejects.toThrow("AWS_SECRET_ACCESS_KEY");
  });

  it.each(["s3://acme-lake", "s3://acme-lake/msp/north.west", "s3://acme-lake/msp=1/"])("takes %s", async (lake) => {
    expect((await read(lake)).lake).toBe(lake.replace(/\/$/, ""));
  });

  it.each(["lake2", "https://acme.example/lake", "s3://KEY:hush-hush@acme-lake", "s3://acme/*/x", "s3://acme/a?b=c"])(
    "refuses %s, with its line and without repeating it",
    async (lake) => {
      const {problems} = await read(lake).catch((error) => error);
      expect(problems).toMatchObject([{file: "workspace.yaml", line: 1, column: "lake"}]);
      expect(JSON.stringify(problems)).not.toContain("hush");
    },
  );
});
