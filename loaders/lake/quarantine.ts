import {cut} from "../../src/lib/format.js";
import {literal, openDatabase} from "../database.js";
import {onOneLine, quote} from "../terminalText.js";
import {type LakePlace, type SyncRecord, syncFolder} from "./lake.js";
import {allowObjectStorage} from "./objectStorage.js";

/** Quarantined rows of a sync that are named one by one; its file has all of them. */
const namedRows = 3;
/** The longest reason that is shown: a vendor's may be a document. */
const longestReason = 200;
/** The longest value of a vendor's record that is. */
const longestValue = 60;

/** The first quarantined rows of a sync, a line for each, and where all of them are; nothing where none were. */
export async function describeQuarantinedRows(place: LakePlace, record: SyncRecord): Promise<string[]> {
  if (record.rows_quarantined === 0) return [];
  const file = `${syncFolder(place, record)}/quarantine.parquet`;
  const database = await openDatabase();
  try {
    await allowObjectStorage(database, [file], place.storage);
    const rows = await database.rows(`select * from read_parquet(${literal(file)}) limit ${namedRows}`);
    return [...rows.map(describeRow), `see ${file}`];
  } catch {
    // The sync is none the worse for rows that cannot be shown.
    return [`see ${file}`];
  } finally {
    database.close();
  }
}

/** A request without its query, which says little to people. `GET /users?page=3` → `GET /users` */
export const withoutQuery = (place: string) => place.replace(/\?.*/s, "");

function describeRow({file, line, record, column, value, reason}: Readonly<Record<string, unknown>>): string {
  const where = onOneLine(line === null ? withoutQuery(String(file)) : `${file}:${line}`);
  // What stands in a vendor's record is JSON already.
  const shown = line === null ? onOneLine(cut(String(value), longestValue)) : quote(String(value));
  const cell = [column === null ? "" : onOneLine(String(column)), value === null ? "" : shown];
  // An earlier version wrote the record into the reason.
  const why = typeof record === "string" ? `${reason} (${record})` : String(reason);
  return `${[where, ...cell].filter(Boolean).join(" ")}: ${cut(onOneLine(why), longestReason)}`;
}
