import {mkdir, readdir, readFile, rename, rm, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {z} from "zod";
import type {LakeFiles} from "./inputs.js";
import {makeFolderDurable} from "./makeDurable.js";

/**
 * The lake: `lake/<connection>/<sync>/` holds what one sync read as Parquet, and `sync.json` what became of it. A sync is
 * written beside and renamed, so a folder with a name of its own is whole. The newest one that holds data is current.
 */

const syncRecordSchema = z.object({
  sync_id: z.string(),
  connection_id: z.string(),
  connector: z.string(),
  side: z.enum(["psa", "usage"]),
  status: z.enum(["succeeded", "partial", "failed"]),
  started_at: z.string(),
  ended_at: z.string(),
  /** As of when the data is true; null for a failed sync. */
  fresh_at: z.string().nullable(),
  rows_read: z.number(),
  rows_kept: z.number(),
  rows_quarantined: z.number(),
  files: z.array(
    z.object({
      table: z.string(),
      file: z.string().nullable(),
      rows_read: z.number(),
      rows_kept: z.number(),
      rows_quarantined: z.number(),
    }),
  ),
  notes: z.array(z.string()),
  failed_parts: z.array(z.object({part: z.string(), reason: z.string()})),
  error: z.string().nullable(),
  /** What the next sync needs to read only what changed; null where it cannot. */
  state: z.unknown().default(null),
  /** Tells whether that state still fits the connection. */
  fingerprint: z.string().default(""),
  /** When everything was last read, and not only what changed. */
  full_at: z.string().nullable().default(null),
});

export type SyncRecord = z.infer<typeof syncRecordSchema>;

const recordFile = "sync.json";
const unfinished = ".tmp-";

function connectionFolder(workspace: string, connectionId: string): string {
  return join(workspace, "lake", connectionId);
}

/** Every finished attempt of a connection, the oldest first. */
export async function listSyncs(workspace: string, connectionId: string): Promise<SyncRecord[]> {
  const folder = connectionFolder(workspace, connectionId);
  const names = await readdir(folder).catch(() => []);
  const records = names
    .filter((name) => !name.startsWith("."))
    .sort()
    .map(async (name) => syncRecordSchema.parse(JSON.parse(await readFile(join(folder, name, recordFile), "utf8"))));
  return Promise.all(records);
}

/** The sync whose data is in use: the newest that succeeded, wholly or in part. */
export function currentSync(syncs: readonly SyncRecord[]): SyncRecord | undefined {
  return syncs.findLast((sync) => sync.status !== "failed");
}

/** Where a sync's data lies. */
export function syncFolder(workspace: string, {connection_id, sync_id}: SyncRecord): string {
  return join(connectionFolder(workspace, connection_id), sync_id);
}

/** The Parquet files of a sync by canonical table. */
export async function lakeFiles(workspace: string, sync: SyncRecord): Promise<LakeFiles> {
  const folder = syncFolder(workspace, sync);
  const files: Record<string, string[]> = {};
  for (const {table} of sync.files) files[table] = [join(folder, `${table}.parquet`)];
  return {connectionId: sync.connection_id, files};
}

/**
 * Begins a sync: makes its unfinished folder and removes those that killed syncs left behind. Nothing of them is taken up:
 * vendors' cursors end after minutes, pages shift meanwhile, and clients read before and after the kill would be of two
 * moments. What changes alone can be read costs little to read again.
 */
export async function beginSync(
  workspace: string,
  connectionId: string,
  now: Date,
): Promise<{syncId: string; folder: string}> {
  const parent = connectionFolder(workspace, connectionId);
  await mkdir(parent, {recursive: true});
  const names = await readdir(parent);
  for (const name of names.filter((name) => name.startsWith(unfinished))) {
    await rm(join(parent, name), {recursive: true, force: true});
  }
  const stamp = now.toISOString().replace(/[-:.]/g, "");
  let syncId = stamp;
  for (let attempt = 2; names.includes(syncId); attempt++) syncId = `${stamp}-${attempt}`;
  const folder = join(parent, `${unfinished}${syncId}`);
  await mkdir(folder);
  return {syncId, folder};
}

/** Ends a sync: writes its record, makes the folder durable and gives it its name in one step. */
export async function endSync(workspace: string, folder: string, record: SyncRecord): Promise<void> {
  await writeFile(join(folder, recordFile), `${JSON.stringify(record, null, 2)}\n`);
  await makeFolderDurable(folder);
  await rename(folder, join(connectionFolder(workspace, record.connection_id), record.sync_id));
}

/** Removes all but the newest `keep` attempts; the current one always stays. */
export async function pruneSyncs(workspace: string, connectionId: string, keep: number): Promise<void> {
  const syncs = await listSyncs(workspace, connectionId);
  const current = currentSync(syncs);
  for (const sync of syncs.slice(0, Math.max(0, syncs.length - keep))) {
    if (sync === current) continue;
    await rm(join(connectionFolder(workspace, connectionId), sync.sync_id), {
      recursive: true,
      force: true,
    });
  }
}
