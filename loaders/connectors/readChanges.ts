import type {TableName} from "../canonical.js";
import type {Sink} from "./connector.js";
import type {HttpResponse} from "./http/client.js";
import {sentAt} from "./http/pages.js";

export interface Changes {
  /** The table of the records, and its column with their id. */
  readonly table: TableName;
  readonly id: string;
  /** Hands over what changed; returns how many records did not fit. */
  read(): Promise<number>;
  /** How many records the vendor has in all. */
  readonly total: unknown;
}

/**
 * Reads what changed and keeps the rest of the current data. Where that does not come to as many rows as the vendor has
 * records, because some were removed, say, everything is taken back: false, and all is to be read. So it is where a record
 * did not fit, whose earlier row would otherwise stay.
 */
export async function readChanges(sink: Sink, {table, id, read, total}: Changes): Promise<boolean> {
  const rejected = await read();
  await sink.carryOver(table, {}, {by: id});
  if (rejected === 0 && (await sink.count(table)) === total) return true;
  await sink.discard(table, {});
  return false;
}

/** Changes that the vendor wrote down late, or that happened while the last sync was reading, are read again. */
const overlap = 3_600_000;

/** From when on the next sync is to ask for changes, after an answer that came before anything was read. */
export function changesAfter(answer: Pick<HttpResponse, "headers">, now: Date): string {
  return new Date((sentAt(answer) ?? now).getTime() - overlap).toISOString();
}
