import {setMaxListeners} from "node:events";
import {mkdir, readdir, rm} from "node:fs/promises";
import {join} from "node:path";
import PQueue from "p-queue";
import {createRedactor, type Redactor} from "../connectors/http/redact.js";
import type {Environment} from "../environment.js";
import {describeWithPlace} from "../files/systemErrors.js";
import {ConfigurationError, type Problem} from "../problems.js";
import {addressVariables, type Connection, resolveSettings, secretSettings} from "../workspace/connectionSettings.js";
import type {Workspace} from "../workspace/workspace.js";
import {beginSync, currentSync, endSync, lakeFiles, listSyncs, pruneSyncs, type SyncRecord} from "./lake.js";
import {secretsOf, storageSecrets} from "./objectStorage.js";
import {fingerprintSettings, previousOf} from "./previousSync.js";
import {type ReadOptions, readConnection} from "./readConnection.js";

export interface SyncOptions extends ReadOptions {
  /** Ids of the connections to read; all of them where none is named. */
  readonly only?: readonly string[];
  /** Reads everything, also where changes alone could be read. */
  readonly full?: boolean;
  readonly now?: () => Date;
  /** What `${NAME}` in settings stands for. */
  readonly env?: Environment;
  readonly signal?: AbortSignal;
  /** Called when a connection's attempt has ended, well or not. */
  readonly ended?: (record: SyncRecord) => void;
}

const connectionsAtOnce = 4;

/**
 * Reads connections into the lake. One that fails leaves its last good data current and the others alone; its record says
 * why. Returns one record per connection, in the order of the workspace.
 */
export async function sync(workspace: Workspace, options: SyncOptions = {}): Promise<SyncRecord[]> {
  const {only, env = {}, signal = new AbortController().signal} = options;
  const unknown = (only ?? []).filter((id) => !workspace.connections.some((connection) => connection.id === id));
  if (unknown.length > 0) {
    throw new ConfigurationError(unknown.map((id) => unknownConnection("--only", id, workspace)));
  }
  const chosen = workspace.connections.filter(({id}) => only === undefined || only.length === 0 || only.includes(id));
  const settings = resolveAll(chosen, env);
  // Every request that waits listens for the end.
  setMaxListeners(0, signal);
  const read = chosen.map((connection) => async (): Promise<SyncRecord> => {
    const record = await syncConnection(workspace, connection, settings.get(connection.id), {...options, signal});
    options.ended?.(record);
    return record;
  });
  return new PQueue({concurrency: connectionsAtOnce}).addAll(read) as Promise<SyncRecord[]>;
}

/** One cheap authenticated read: says in a sentence who the credentials belong to and what they may read. */
export async function testConnection(
  workspace: Workspace,
  id: string,
  {
    env = {},
    signal = new AbortController().signal,
    now = () => new Date(),
  }: Pick<SyncOptions, "env" | "signal" | "now"> = {},
): Promise<string> {
  const connection = workspace.connections.find((candidate) => candidate.id === id);
  if (connection === undefined) throw new ConfigurationError([unknownConnection("test-connection", id, workspace)]);
  const {connector} = connection;
  const {currency} = workspace;
  if (connector.test === undefined) return `${connector.name} reads files: there is nothing to sign in to.`;
  const settings = resolveSettings(connection, env);
  const redactor = redactorOf(connection, settings, env);
  const context = {connectionId: id, settings, workspace: workspace.directory, currency, now: now(), signal, redactor};
  try {
    return redactor.redact(await connector.test({...context, progress: () => {}}));
  } catch (cause) {
    throw new Error(redactor.redact((cause as Error).message));
  }
}

function unknownConnection(file: string, id: string, {connections}: Workspace): Problem {
  return {
    file,
    value: id,
    message: "the workspace has no such connection.",
    remedy: `It has ${connections.map((connection) => connection.id).join(", ")}.`,
  };
}

function resolveAll(connections: readonly Connection[], env: Environment): Map<string, unknown> {
  const problems = [];
  const settings = new Map<string, unknown>();
  for (const connection of connections) {
    try {
      settings.set(connection.id, resolveSettings(connection, env));
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return settings;
}

/** Never fails: what goes wrong with a connection is for its record to say. */
async function syncConnection(
  workspace: Workspace,
  connection: Connection,
  settings: unknown,
  options: SyncOptions & {signal: AbortSignal},
): Promise<SyncRecord> {
  const {now = () => new Date(), env = {}, full = false} = options;
  const startedAt = now();
  const fingerprint = await fingerprintSettings(connection);
  const redactor = redactorOf(connection, settings, env);
  for (const secret of [...storageSecrets(env), ...secretsOf(workspace.storage)]) redactor.add(secret);
  const reasonOf = (cause: unknown): string => {
    const {code, message} = cause as NodeJS.ErrnoException;
    // Only errors of the operating system have one; of memory other advice holds here than for reconciling.
    return redactor.redact(code === undefined ? message : describeWithPlace(cause));
  };
  const failed: SyncRecord = {
    sync_id: "",
    connection_id: connection.id,
    connector: connection.connector.name,
    side: connection.connector.side,
    status: "failed",
    started_at: startedAt.toISOString(),
    ended_at: "",
    fresh_at: null,
    rows_read: 0,
    rows_kept: 0,
    rows_quarantined: 0,
    files: [],
    notes: [],
    failed_parts: [],
    error: null,
    state: null,
    fingerprint,
    full_at: null,
  };

  // Where an earlier record cannot be read, this one says so.
  const listing = listSyncs(workspace, connection.id);
  const syncs = await listing.catch(() => []);
  let folder: string;
  let record: SyncRecord;
  try {
    const begun = await beginSync(workspace.directory, connection.id, startedAt, syncs);
    folder = begun.folder;
    record = {...failed, sync_id: begun.syncId};
  } catch (cause) {
    return {...failed, ended_at: now().toISOString(), error: `It could not be begun: ${reasonOf(cause)}`};
  }
  try {
    const current = currentSync(await listing);
    const previous = previousOf(current, fingerprint, startedAt, full ? 0 : workspace.fullSyncDays);
    const currentFiles = current === undefined ? {} : lakeFiles(workspace, current).files;
    const reading = {...options, settings, folder, startedAt, previous, currentFiles, redactor};
    const {outcome, result} = await readConnection(workspace, connection, reading);
    const total = (key: "rows_read" | "rows_kept" | "rows_quarantined") =>
      result.files.reduce((sum, file) => sum + file[key], 0);
    const failedParts = (outcome.failedParts ?? []).map(({part, reason, accountId, hasUsage}) => ({
      part,
      reason: redactor.redact(reason),
      account_id: accountId,
      has_usage: hasUsage,
    }));
    record = {
      ...record,
      status: failedParts.length > 0 ? "partial" : "succeeded",
      fresh_at: outcome.freshAt.toISOString(),
      rows_read: total("rows_read"),
      rows_kept: total("rows_kept"),
      rows_quarantined: total("rows_quarantined"),
      files: result.files,
      notes: [
        ...result.notes,
        ...(outcome.notes ?? []).map((note) => redactor.redact(note)),
        ...vanished(current, result.files),
      ],
      failed_parts: failedParts,
      state: outcome.state ?? null,
      full_at: outcome.isFull === false ? (current?.full_at ?? null) : startedAt.toISOString(),
    };
  } catch (cause) {
    record = {...record, error: reasonOf(cause)};
  }
  record = {...record, ended_at: now().toISOString()};
  try {
    await (record.status === "failed" ? emptyFolder(folder) : removeStaged(folder));
    await endSync(workspace, folder, record);
  } catch (cause) {
    const {sync_id, ended_at, error} = record;
    // Nobody can read what it read.
    return {...failed, sync_id, ended_at, error: error ?? `It could not be put into the lake: ${reasonOf(cause)}`};
  }
  try {
    await pruneSyncs(workspace, [...syncs, record], workspace.keepSyncs);
  } catch (cause) {
    return {...record, notes: [...record.notes, `Earlier syncs could not be removed: ${reasonOf(cause)}`]};
  }
  return record;
}

/** Tables that had rows in the sync before and have none now: seldom meant so. */
function vanished(before: SyncRecord | undefined, files: SyncRecord["files"]): string[] {
  const rows = new Map(files.map(({table, rows_kept}) => [table, rows_kept]));
  return (before?.files ?? [])
    .filter(({table, rows_kept}) => rows_kept > 0 && (rows.get(table) ?? 0) === 0)
    .map(({table, rows_kept}) => `${table} has no rows any more; in the sync before it had ${rows_kept}.`);
}

/** Hides the values of the connector's secret settings, and what the environment adds to the addresses that it asks. */
function redactorOf(connection: Connection, settings: unknown, env: Environment): Redactor {
  const values = [
    ...secretSettings(connection.connector, settings).map(({value}) => value),
    ...addressVariables(connection).map((name) => env[name]),
  ];
  return createRedactor(values.filter((value) => typeof value === "string"));
}

/** Half of what a failed sync read must not look like data. */
async function emptyFolder(folder: string): Promise<void> {
  await rm(folder, {recursive: true, force: true});
  await mkdir(folder, {recursive: true});
}

async function removeStaged(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.endsWith(".tmp")) await rm(join(folder, name), {recursive: true, force: true});
  }
}
