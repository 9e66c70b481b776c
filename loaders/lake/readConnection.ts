import {setMaxListeners} from "node:events";
import {join} from "node:path";
import type {PreviousSync, ProgressEvent, SyncOutcome} from "../connectors/connector.js";
import type {Redactor} from "../connectors/http/redact.js";
import {type Database, openDatabase} from "../database.js";
import type {Connection} from "../workspace/connectionSettings.js";
import type {Workspace} from "../workspace/workspace.js";
import type {LakeFiles} from "./lakeViews.js";
import {allowObjectStorage} from "./objectStorage.js";
import {createSink, type LakeSink, type SinkResult} from "./sink.js";

/** How connections are read, whichever it is. */
export interface ReadOptions {
  readonly progress?: (connectionId: string, event: ProgressEvent) => void;
  /** First wait before a request is tried again, in milliseconds. */
  readonly backoff?: number;
  /** Leaves the vendors' limits aside: for emulators. */
  readonly isUnlimited?: boolean;
}

interface Reading extends ReadOptions {
  /** Resolved. */
  readonly settings: unknown;
  /** Gets the files. */
  readonly folder: string;
  readonly startedAt: Date;
  readonly previous: PreviousSync | undefined;
  /** The connection's current data. */
  readonly currentFiles: LakeFiles["files"];
  readonly signal: AbortSignal;
  readonly redactor: Redactor;
}

/**
 * Reads one connection into a folder. Fails where not all of it could be read: what is in the folder is then no data, and
 * nothing is added to it any more.
 */
export async function readConnection(
  {directory, currency, storage, syncTimeoutMinutes}: Workspace,
  {id, connector}: Connection,
  {folder, startedAt, currentFiles, signal: stopped, progress = () => {}, ...given}: Reading,
): Promise<{outcome: SyncOutcome; result: SinkResult}> {
  const {signal, abort, end: endTimer} = limitTime(stopped, syncTimeoutMinutes);
  let database: Database | undefined;
  let sink: LakeSink | undefined;
  try {
    database = await openDatabase({memoryLimit: "1GB", tempDirectory: join(folder, "spill.tmp")});
    await allowObjectStorage(database, Object.values(currentFiles).flat(), storage);
    const {settings, previous, redactor, backoff, isUnlimited} = given;
    const report = {progress: (event: ProgressEvent) => progress(id, event), redactor};
    sink = createSink(database, folder, {...report, currentFiles});
    const outcome = await connector.sync(
      {
        connectionId: id,
        settings,
        workspace: directory,
        currency,
        now: startedAt,
        previous,
        ...report,
        signal,
        backoff,
        isUnlimited,
      },
      sink,
    );
    signal.throwIfAborted();
    return {outcome, result: await sink.close()};
  } catch (cause) {
    // Streams that are read side by side go on otherwise, and ask the vendor for what nobody takes.
    abort(cause);
    await sink?.abandon(cause);
    throw cause;
  } finally {
    endTimer();
    database?.close();
  }
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
