import {readdir, readFile, rename, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {nullIfAbsent} from "../files/absent.js";
import {makeFolderDurable} from "../files/makeDurable.js";
import {makeUnfinished, removeUnfinished, sweepUnfinished} from "../files/unfinished.js";
import type {LakeFiles} from "./lakeViews.js";
import type {StorageAccess} from "./objectStorage.js";
import {readStoredRecords, storeFolder} from "./storedLake.js";
import {parseRecord, recordFile, type SyncRecord} from "./syncRecord.js";

export type {SyncRecord} from "./syncRecord.js";

/**
 * The lake: `lake/<connection>/<sync>/` holds what one sync read as Parquet, and `sync.json` what became of it. A sync is
 * written beside and renamed, so a folder with a name of its own is whole. In object storage, where nothing can be renamed,
 * it is copied with `sync.json` last, so a folder that has one is whole. The newest one that holds data is current.
 */

/** Which lake is meant. */
export interface LakePlace {
  /** The workspace folder. */
  readonly directory: string;
  /** Where its lake lies in object storage; in the folder `lake/` of the workspace unless given. */
  readonly lake?: string | null;
  /** How to get at it there. */
  readonly storage?: StorageAccess | null;
}

const unfinished = ".tmp-";

/** On this machine: of a lake in object storage the syncs that are not finished. */
function connectionFolder(workspace: string, connectionId: string): string {
  return join(workspace, "lake", connectionId);
}

/**
 * Every finished attempt of a connection, the oldest first; in object storage the latest ones. A folder without a record is
 * not finished. Fails on a record that cannot be read.
 */
export async function listSyncs(
  {directory, lake = null, storage}: LakePlace,
  connectionId: string,
): Promise<SyncRecord[]> {
  if (lake !== null) return readStoredRecords(`${lake}/${connectionId}`, storage);
  const folder = connectionFolder(directory, connectionId);
  const names = (await readdir(folder).catch(nullIfNone)) ?? [];
  const records = names
    .filter((name) => !name.startsWith("."))
    .sort()
    .map((name) => readRecord(join(folder, name)));
  return (await Promise.all(records)).flat();
}

/** The record of a sync's folder; none where it has none. */
async function readRecord(folder: string): Promise<SyncRecord[]> {
  const file = join(folder, recordFile);
  const text = await readFile(file, "utf8").catch(nullIfNone);
  return text === null ? [] : [parseRecord(text, file)];
}

/** A file among the folders of syncs is none. */
function nullIfNone(error: NodeJS.ErrnoException): null {
  return error.code === "ENOTDIR" ? null : nullIfAbsent(error);
}

/** A finished attempt by its id; undefined where it was removed. */
export async function findSync(
  {directory, lake = null, storage}: LakePlace,
  connectionId: string,
  syncId: string,
): Promise<SyncRecord | undefined> {
  if (lake !== null) return (await readStoredRecords(`${lake}/${connectionId}`, storage, syncId))[0];
  return (await readRecord(join(connectionFolder(directory, connectionId), syncId)))[0];
}

/** The sync whose data is in use: the newest that succeeded, wholly or in part. */
export function currentSync(syncs: readonly SyncRecord[]): SyncRecord | undefined {
  return syncs.findLast((sync) => sync.status !== "failed");
}

/** Where a sync's data lies: a folder, or its address in object storage. */
export function syncFolder({directory, lake = null}: LakePlace, {connection_id, sync_id}: SyncRecord): string {
  return lake === null
    ? join(connectionFolder(directory, connection_id), sync_id)
    : `${lake}/${connection_id}/${sync_id}`;
}

/** The Parquet files of a sync by canonical table. */
export function lakeFiles(place: LakePlace, sync: SyncRecord): LakeFiles {
  const folder = syncFolder(place, sync);
  const files: Record<string, string[]> = {};
  for (const {table} of sync.files) files[table] = [`${folder}/${table}.parquet`];
  const quarantine = sync.rows_quarantined > 0 ? `${folder}/quarantine.parquet` : null;
  return {connectionId: sync.connection_id, files, quarantine, storage: place.storage ?? null};
}

/**
 * Begins a sync: makes its unfinished folder and removes those that killed syncs left behind, never that of one at work.
 * Nothing of them is taken up: vendors' cursors end after minutes, pages shift meanwhile, and clients read before and after
 * the kill would be of two moments. What changes alone can be read costs little to read again.
 */
export async function beginSync(
  workspace: string,
  connectionId: string,
  now: Date,
  syncs: readonly SyncRecord[],
): Promise<{syncId: string; folder: string}> {
  const parent = connectionFolder(workspace, connectionId);
  await sweepUnfinished(parent, unfinished);
  const syncId = new Date(Math.max(now.getTime(), ...syncs.slice(-1).map(nextMoment)))
    .toISOString()
    .replace(/[-:.]/g, "");
  return {syncId, folder: await makeUnfinished(parent, `${unfinished}${syncId}-`)};
}

/** The first moment that a later sync may be named for, whatever the clock says: what is read last must be current. */
function nextMoment({sync_id}: SyncRecord): number {
  const time = sync_id.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z.*/, "$1-$2-$3T$4:$5:$6.$7Z");
  return Date.parse(time) + 1 || 0;
}

/**
 * Ends a sync: writes its record, makes the folder durable and puts it into the lake in one step. Where that fails, nothing
 * is left of it.
 */
export async function endSync(place: LakePlace, folder: string, record: SyncRecord): Promise<void> {
  const target = syncFolder(place, record);
  try {
    // Half an emoji, as of a name that a vendor has cut off, is no JSON to databases.
    const text = JSON.stringify(record, (_, value) => (typeof value === "string" ? value.toWellFormed() : value), 2);
    await writeFile(join(folder, recordFile), `${text}\n`);
    if (typeof place.lake === "string") {
      await storeFolder(folder, target, place.storage);
      return;
    }
    await makeFolderDurable(folder);
    await rename(folder, target);
  } finally {
    await removeUnfinished(folder);
  }
}

/**
 * Removes all but the newest `keep` of a connection's attempts; the current one always stays. In object storage all of them
 * stay: DuckDB cannot remove there.
 */
export async function pruneSyncs(place: LakePlace, syncs: readonly SyncRecord[], keep: number): Promise<void> {
  if (typeof place.lake === "string") return;
  const current = currentSync(syncs);
  for (const sync of syncs.slice(0, Math.max(0, syncs.length - keep))) {
    if (sync === current) continue;
    await rm(syncFolder(place, sync), {recursive: true, force: true});
  }
}
