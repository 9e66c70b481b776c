import {join} from "node:path";
import {cut, plural} from "../../src/lib/format.js";
import {type CanonicalTable, canonicalTables, fits, type TableName} from "../canonical.js";
import type {ProgressEvent, Sink} from "../connectors/connector.js";
import type {Redactor} from "../connectors/http/redact.js";
import {createTable} from "../createTable.js";
import {loadCsv, worstShare} from "../csv/loadCsv.js";
import type {QuarantinedRow} from "../csv/misfits.js";
import {type Database, literal, parquetFormat} from "../database.js";
import {misfitReason, withOthers} from "../misfitReason.js";
import type {LakeFiles} from "./lakeViews.js";
import {withoutQuery} from "./quarantine.js";
import {createRawFiles} from "./rawFiles.js";
import {type StagedRows, stageRows} from "./stagedRows.js";
import type {SyncRecord} from "./syncRecord.js";

export interface LakeSink extends Sink {
  /** Writes what is still held back and says what was read. Throws where too much of a table did not fit. */
  close(): Promise<SinkResult>;
  /**
   * Takes nothing more: whatever comes from streams that are still being read is refused with the reason. When it returns,
   * nothing is written any more.
   */
  abandon(reason: unknown): Promise<void>;
}

export interface SinkResult {
  readonly files: SyncRecord["files"];
  readonly notes: readonly string[];
}

interface Tally {
  readonly read: number;
  readonly rejected: number;
}

interface Stream {
  readonly table: CanonicalTable;
  /** Rows that were read or kept. */
  written: number;
  quarantined: number;
  /** By stream, the records that were read for it, whether they became rows of it or not, and those that did not fit. */
  tallies: Map<string, Tally>;
  /** Its rows in DuckDB, once something needs them. */
  staged?: Promise<StagedRows>;
}

export interface SinkOptions {
  readonly progress: (event: ProgressEvent) => void;
  /** The connection's current data, if it has any. */
  readonly currentFiles: LakeFiles["files"];
  readonly redactor: Redactor;
}

/** Puts rows into the Parquet files of one sync's folder. */
export function createSink(
  database: Database,
  folder: string,
  {progress, currentFiles, redactor}: SinkOptions,
): LakeSink {
  const files: SyncRecord["files"] = [];
  const notes: string[] = [];
  let quarantined: QuarantinedRow[] = [];
  const streams = new Map<TableName, Stream>();
  const raw = createRawFiles(join(folder, "raw"));

  const known = (name: TableName): Stream => {
    const stream = streams.get(name) ?? {table: canonicalTables[name], written: 0, quarantined: 0, tallies: new Map()};
    streams.set(name, stream);
    return stream;
  };
  const staged = (name: TableName): Promise<StagedRows> => {
    const stream = known(name);
    stream.staged ??= stageRows(database, stream.table);
    return stream.staged;
  };

  return abandonable({
    async write(name, rows, {place, isUnchanged = false}) {
      const {table} = known(name);
      const good: Readonly<Record<string, unknown>>[] = [];
      for (const row of rows) {
        if (fits(table, row)) {
          good.push(row);
          continue;
        }
        const issues = table.schema.safeParse(row, {error: misfitReason}).error?.issues ?? [];
        const [column = null, ...others] = new Set(issues.map(({path}) => path.join(".")));
        this.reject(name, {
          place,
          id: describeRecord(table, row),
          column,
          value: column === null || row[column] == null ? null : String(row[column]),
          reason: withOthers(issues[0]?.message ?? "does not fit", others),
        });
      }
      known(name).written += good.length;
      await (await staged(name)).append(good, isUnchanged);
      return rows.length - good.length;
    },

    reject(name, {place, id, column, value, reason}) {
      known(name).quarantined += 1;
      quarantined.push({
        table: name,
        file: place,
        line: null,
        record: redactor.redact(id),
        column,
        value: value === null ? null : redactor.redact(value),
        reason: redactor.redact(reason),
      });
    },

    tally(name, stream, read, rejected) {
      const {tallies} = known(name);
      const before = tallies.get(stream) ?? {read: 0, rejected: 0};
      tallies.set(stream, {read: before.read + read, rejected: before.rejected + rejected});
    },

    async discard(name, where) {
      if (Object.keys(where).length === 0) {
        Object.assign(known(name), {written: 0, quarantined: 0, tallies: new Map()});
        quarantined = quarantined.filter(({table}) => table !== name);
      }
      await (await staged(name)).remove(where);
    },

    async carryOver(name, where, replaced) {
      const kept = await (await staged(name)).carryOver(currentFiles[name] ?? [], where, replaced);
      known(name).written += kept;
    },

    async count(name) {
      return (await staged(name)).count();
    },

    async accountsWith(name, accounts) {
      return (await staged(name)).accountsWith(accounts);
    },

    async writeCsv(name, source) {
      const table = canonicalTables[name];
      const file = `${name}.parquet`;
      const loaded = await loadCsv(database, table, source, join(folder, file), join(folder, "raw", file));
      quarantined.push(...loaded.quarantined);
      files.push({
        table: name,
        file: `${name}.csv`,
        rows_read: loaded.rowsRead,
        rows_kept: loaded.rowsKept,
        rows_quarantined: loaded.rowsRead - loaded.rowsKept,
      });
      notes.push(...loaded.notes);
      progress({stream: name, rows: loaded.rowsRead});
    },

    raw: (stream, answer) => raw.write(stream, redactor.redact(answer)),

    async close() {
      await raw.close();
      if ([...streams.values()].some(unbelievable)) throw tooManyMisfits([...streams.values()], quarantined);
      for (const [name, {table, written, quarantined: refused}] of streams) {
        const rows = await staged(name);
        const missed = await rows.countMissed(currentFiles[name] ?? []);
        if (missed > 0) {
          notes.push(
            `${missed} ${missed === 1 ? "row" : "rows"} of ${name} had changed without the vendor saying so. Reading everything put that right; a lower full_sync_days does so sooner.`,
          );
        }
        const kept = await rows.write(join(folder, `${name}.parquet`));
        const replaced = kept < written ? await rows.countReplaced() : 0;
        if (replaced > 0) {
          const key = list.format(table.key);
          const clash = `${name}: ${plural(replaced, "row")} had the ${key} of another, which took ${replaced === 1 ? "its" : "their"} place.`;
          if (replaced > (kept + replaced) * worstShare) {
            throw new Error(`${clash} See what is read as ${key}: each row is to have its own.`);
          }
          notes.push(clash);
        }
        files.push({
          table: table.name,
          file: null,
          rows_read: kept + refused,
          rows_kept: kept,
          rows_quarantined: refused,
        });
      }
      if (quarantined.length > 0) await writeQuarantine(database, quarantined, join(folder, "quarantine.parquet"));
      return {files, notes};
    },

    abandon: () => raw.destroy(),
  });
}

/** A row's key, and what else people find its record by at the vendor. */
function describeRecord({key, columns}: CanonicalTable, row: Readonly<Record<string, unknown>>): string {
  const telling = columns.filter(({name}) => /^(agreement|invoice)_id$|_(name|number)$|^description$/.test(name));
  const others = telling.map(({name}) => name).filter((name) => !key.includes(name) && (row[name] ?? null) !== null);
  return [...key, ...others].map((name) => `${name} ${String(row[name])}`).join(", ");
}

const list = new Intl.ListFormat("en");

/** The tally of a table's stream, or of its rows, of which too much does not fit to be believed. */
function unbelievable({written, quarantined, tallies}: Stream): Tally | undefined {
  const streams = [...tallies.values()];
  const rows = quarantined - streams.reduce((sum, {rejected}) => sum + rejected, 0);
  return [
    // Of a stream in which only changes came, the rows that were kept count too.
    ...streams.map(({read, rejected}) => ({read: Math.max(read, written + quarantined), rejected})),
    {read: written + rows, rejected: rows},
  ].find(({read, rejected}) => rejected > read * worstShare);
}

/** Kinds of misfits of a table that an error names. */
const namedKinds = 8;
/** The longest value that an error shows. */
const longestValue = 80;

/** The error of a sync of which too much does not fit. Nothing else is told of it: what is to be put right, in any table, is to be known at once. */
function tooManyMisfits(streams: readonly Stream[], rows: readonly QuarantinedRow[]): Error {
  const lines = streams
    .filter(({quarantined}) => quarantined > 0)
    .toSorted((one, other) => Number(Boolean(unbelievable(other))) - Number(Boolean(unbelievable(one))))
    .map((stream) => {
      const {table, quarantined} = stream;
      const firsts = new Map<string, QuarantinedRow>();
      for (const row of rows.filter((one) => one.table === table.name)) {
        const kind = JSON.stringify([row.column, row.reason]);
        if (!firsts.has(kind)) firsts.set(kind, row);
      }
      const examples = [...firsts.values()]
        .slice(0, namedKinds)
        .map((row, index) => ` ${index === 0 ? "First:" : "Also"} ${describeMisfit(row)}.`);
      const tally = unbelievable(stream);
      const misfits =
        tally === undefined
          ? `${plural(quarantined, "record")} ${quarantined === 1 ? "does" : "do"} not fit`
          : `${tally.rejected} of ${tally.read} records do not fit, more than ${worstShare * 100} %`;
      return `${table.name}: ${misfits}.${examples.join("")}`;
    });
  return new Error(lines.join("\n"));
}

function describeMisfit({file, record, column, value, reason}: QuarantinedRow): string {
  const place = [withoutQuery(file), ...(column === null ? [] : [column])].join(", ");
  return `${place}${value === null ? "" : ` ${cut(value, longestValue)}`}: ${reason} (${record})`;
}

/** The same sink, until it is abandoned. */
function abandonable(sink: LakeSink): LakeSink {
  const running = new Set<Promise<unknown>>();
  let abandoned: {reason: unknown} | undefined;
  const take = async <Result>(task: () => Promise<Result>): Promise<Result> => {
    if (abandoned !== undefined) throw abandoned.reason;
    const taken = task();
    running.add(taken);
    try {
      return await taken;
    } finally {
      running.delete(taken);
    }
  };
  return {
    ...sink,
    write: (...rows) => take(() => sink.write(...rows)),
    writeCsv: (...file) => take(() => sink.writeCsv(...file)),
    raw: (...answer) => take(() => sink.raw(...answer)),
    discard: (...rows) => take(() => sink.discard(...rows)),
    carryOver: (...rows) => take(() => sink.carryOver(...rows)),
    count: (table) => take(() => sink.count(table)),
    accountsWith: (...accounts) => take(() => sink.accountsWith(...accounts)),
    async abandon(reason) {
      abandoned ??= {reason};
      // Who waits for room in a file is let go by this; statements run to their end.
      await sink.abandon(reason);
      await Promise.allSettled(running);
    },
  };
}

/** A character that nobody sees, and that ends a text elsewhere, by its symbol. */
function withNulShown<T>(value: T): T | string {
  return typeof value === "string" ? value.replaceAll("\0", "\u2400") : value;
}

async function writeQuarantine(database: Database, rows: readonly QuarantinedRow[], target: string): Promise<void> {
  const columns = {
    table: "VARCHAR",
    file: "VARCHAR",
    line: "BIGINT",
    record: "VARCHAR",
    column: "VARCHAR",
    value: "VARCHAR",
    reason: "VARCHAR",
  };
  await createTable(
    database,
    "quarantine",
    columns,
    rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, withNulShown(value)]))),
  );
  await database.run(`copy quarantine to ${literal(target)} ${parquetFormat}`);
}
