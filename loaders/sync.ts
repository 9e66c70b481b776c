import {setMaxListeners} from "node:events";
import {mkdir, readdir, rm} from "node:fs/promises";
import {join} from "node:path";
import type {ProgressEvent, SyncOutcome} from "./connectors/connector.js";
import {createRedactor, type Redactor} from "./connectors/http/redact.js";
import type {AnyConnector} from "./connectors/index.js";
import {openDatabase} from "./database.js";
import {beginSync, currentSync, endSync, lakeFiles, listSyncs, pruneSyncs, type SyncRecord} from "./lake.js";
import {allowObjectStorage, storageSecrets} from "./objectStorage.js";
import {fingerprintOf, previousOf} from "./previousSync.js";
import {ConfigurationError, type Problem} from "./problems.js";
import {createSink, type LakeSink, type SinkResult} from "./sink.js";
import {type Connection, resolveSettings, secretSettings, type Workspace} from "./workspace.js";

export interface SyncOptions {
  /** Ids of the connections to read; all of them unless said. */
  readonly only?: readonly string[];
  /** Reads everything, also where changes alone could be read. */
  readonly full?: boolean;
  readonly now?: () => Date;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly signal?: AbortSignal;
  readonly progress?: (connectionId: string, event: ProgressEvent) => void;
  /** Called when a connection's attempt has ended, well or not. */
  readonly ended?: (record: SyncRecord) => void;
  /** Connections read at the same time. */
  readonly concurrency?: number;
  /** First wait before a request is tried again, in milliseconds. */
  readonly backoff?: number;
  /** Leaves the vendors' limits aside: for emulators. */
  readonly isUnlimited?: boolean;
}

/**
 * Reads connections into the lake. One that fails leaves its last good data current and the others alone; its record says
 * why. Returns one record per connection, in the order of the workspace.
 */
export async function sync(workspace: Workspace, options: SyncOptions = {}): Promise<SyncRecord[]> {
  const {only, env = process.env, concurrency = 4, signal = new AbortController().signal} = options;
  const unknown = (only ?? []).filter((id) => !workspace.connections.some((connection) => connection.id === id));
  if (unknown.length > 0) {
    throw new ConfigurationError(unknown.map((id) => unknownConnection("--only", id, workspace)));
  }
  const chosen = workspace.connections.filter(({id}) => only === undefined || only.length === 0 || only.includes(id));
  const settings = resolveAll(chosen, env);
  // Every request that waits listens for the end.
  setMaxListeners(0, signal);
  const records = new Map<string, SyncRecord>();
  const queue = [...chosen];
  const worker = async (): Promise<void> => {
    for (let connection = queue.shift(); connection !== undefined; connection = queue.shift()) {
      const record = await syncConnection(workspace, connection, settings.get(connection.id), {...options, signal});
      records.set(connection.id, record);
      options.ended?.(record);
    }
  };
  await Promise.all(Array.from({length: Math.min(concurrency, chosen.length)}, worker));
  return chosen.map(({id}) => records.get(id) as SyncRecord);
}

/** One cheap authenticated read: says in a sentence who the credentials belong to and what they may read. */
export async function testConnection(
  workspace: Workspace,
  id: string,
  {
    env = process.env,
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
  const redactor = redactorOf(connector, settings);
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

function resolveAll(
  connections: readonly Connection[],
  env: Readonly<Record<string, string | undefined>>,
): Map<string, unknown> {
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

async function syncConnection(
  workspace: Workspace,
  connection: Connection,
  settings: unknown,
  {
    now = () => new Date(),
    full = false,
    signal: stopped,
    progress = () => {},
    backoff,
    isUnlimited,
  }: SyncOptions & {signal: AbortSignal},
): Promise<SyncRecord> {
  const startedAt = now();
  const syncs = await listSyncs(workspace, connection.id);
  const current = currentSync(syncs);
  const fingerprint = fingerprintOf(connection);
  const previous = previousOf(current, fingerprint, startedAt, full ? 0 : workspace.fullSyncDays);
  const {signal, abort, end: endTimer} = limitTime(stopped, workspace.syncTimeoutMinutes);
  const redactor = redactorOf(connection.connector, settings);
  for (const secret of storageSecrets(process.env)) redactor.add(secret);
  const {syncId, folder} = await beginSync(workspace.directory, connection.id, startedAt, syncs);
  const database = await openDatabase({
    memoryLimit: "1GB",
    tempDirectory: join(folder, "spill.tmp"),
  });
  let outcome: SyncOutcome | undefined;
  let result: SinkResult = {files: [], notes: []};
  let error: string | null = null;
  let sink: LakeSink | undefined;
  try {
    const currentFiles = current === undefined ? {} : lakeFiles(workspace, current).files;
    await allowObjectStorage(database, Object.values(currentFiles).flat());
    sink = createSink(database, folder, {
      progress: (event) => progress(connection.id, event),
      currentFiles,
      redactor,
    });
    outcome = await connection.connector.sync(
      {
        connectionId: connection.id,
        settings,
        workspace: workspace.directory,
        currency: workspace.currency,
        now: startedAt,
        previous,
        signal,
        progress: (event) => progress(connection.id, event),
        redactor,
        backoff,
        isUnlimited,
      },
      sink,
    );
    signal.throwIfAborted();
    result = await sink.close();
  } catch (cause) {
    outcome = undefined;
    // Streams that are read side by side go on otherwise, and ask the vendor for what nobody takes.
    abort(cause);
    await sink?.abandon(cause);
    error = redactor.redact((cause as Error).message);
  } finally {
    endTimer();
    database.close();
  }
  const failedParts = (outcome?.failedParts ?? []).map(({part, reason}) => ({part, reason: redactor.redact(reason)}));
  if (outcome === undefined) await emptyFolder(folder);
  else await removeStaged(folder);
  const total = (key: "rows_read" | "rows_kept" | "rows_quarantined") =>
    outcome === undefined ? 0 : result.files.reduce((sum, file) => sum + file[key], 0);
  const record: SyncRecord = {
    sync_id: syncId,
    connection_id: connection.id,
    connector: connection.connector.name,
    side: connection.connector.side,
    status: outcome === undefined ? "failed" : failedParts.length > 0 ? "partial" : "succeeded",
    started_at: startedAt.toISOString(),
    ended_at: now().toISOString(),
    fresh_at: outcome?.freshAt.toISOString() ?? null,
    rows_read: total("rows_read"),
    rows_kept: total("rows_kept"),
    rows_quarantined: total("rows_quarantined"),
    files: outcome === undefined ? [] : [...result.files],
    notes: [...result.notes],
    failed_parts: failedParts,
    error,
    state: outcome?.state ?? null,
    fingerprint,
    full_at:
      outcome === undefined ? null : outcome.isFull === false ? (current?.full_at ?? null) : startedAt.toISOString(),
  };
  try {
    await endSync(workspace, folder, record);
  } catch (cause) {
    return notStored(record, redactor.redact((cause as Error).message));
  }
  await pruneSyncs(workspace, connection.id, workspace.keepSyncs);
  return record;
}

/** What becomes of a sync that the lake did not take: nobody can read what it read. */
function notStored(record: SyncRecord, reason: string): SyncRecord {
  return {
    ...record,
    ...{status: "failed", fresh_at: null, rows_read: 0, rows_kept: 0, rows_quarantined: 0, files: [], failed_parts: []},
    error: record.error ?? `It could not be put into the lake: ${reason}`,
  };
}

/** A signal that also ends when the time of a sync is over, or with `abort`. */
function limitTime(
  stopped: AbortSignal,
  minutes: number,
): {signal: AbortSignal; abort: (reason: unknown) => void; end: () => void} {
  const own = new AbortController();
  const timer = setTimeout(
    () =>
      own.abort(
        new Error(
          `It was not done after ${minutes} min. Let it take longer with sync_timeout_minutes in workspace.yaml.`,
        ),
      ),
    minutes * 60_000,
  );
  const signal = AbortSignal.any([stopped, own.signal]);
  setMaxListeners(0, signal);
  return {signal, abort: (reason) => own.abort(reason), end: () => clearTimeout(timer)};
}

/** Hides the values of the connector's secret settings. */
function redactorOf(connector: AnyConnector, settings: unknown): Redactor {
  return createRedactor(
    secretSettings(connector, settings)
      .map(({value}) => value)
      .filter((value) => typeof value === "string"),
  );
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
