import {createWriteStream, existsSync} from "node:fs";
import {mkdir} from "node:fs/promises";
import {dirname, join} from "node:path";
import {finished} from "node:stream/promises";
import {createGzip, type Gzip} from "node:zlib";
import PQueue from "p-queue";
import {type CanonicalTable, canonicalTables, type TableName} from "./canonical.js";
import type {ProgressEvent, Replaced, Sink} from "./connectors/connector.js";
import {createRedactor, type Redactor} from "./connectors/http/redact.js";
import {loadCsv, type QuarantinedRow, worstShare} from "./csvFile.js";
import {type Database, identifier, literal} from "./database.js";
import {createInput} from "./inputs.js";

export interface LakeSink extends Sink {
  /** Writes what is still held back and says what was read. Throws where too much of a table did not fit. */
  close(): Promise<SinkResult>;
}

export interface SinkResult {
  readonly files: readonly {
    table: string;
    file: string | null;
    rows_read: number;
    rows_kept: number;
    rows_quarantined: number;
  }[];
  readonly notes: readonly string[];
}

interface Stream {
  readonly table: CanonicalTable;
  written: number;
  quarantined: number;
  /** Rows that wait for enough others to fill a statement. */
  waiting: Record<string, unknown>[];
  /** Its table in DuckDB, once something needs it. */
  created?: Promise<unknown>;
}

const batchRows = 2048;

/** Column that keeps the order of writing; what was carried over comes before all of it. */
const order = "_written";
/** Column that says whether the vendor takes the row for unchanged. */
const unchanged = "_unchanged";

export interface SinkOptions {
  readonly progress: (event: ProgressEvent) => void;
  /** The folder of the connection's current data, if it has any. */
  readonly currentFolder?: string | null;
  readonly redactor?: Redactor;
}

/** Puts rows into the Parquet files of one sync's folder. Memory stays flat: rows wait in DuckDB, which spills to disk. */
export function createSink(
  database: Database,
  folder: string,
  {progress, currentFolder = null, redactor = createRedactor()}: SinkOptions,
): LakeSink {
  const files: SinkResult["files"][number][] = [];
  const notes: string[] = [];
  let quarantined: QuarantinedRow[] = [];
  const streams = new Map<TableName, Stream>();
  const rawStreams = new Map<string, {gzip: Gzip; done: Promise<void>}>();

  const known = (name: TableName): Stream => {
    const stream = streams.get(name) ?? {table: canonicalTables[name], written: 0, quarantined: 0, waiting: []};
    streams.set(name, stream);
    return stream;
  };
  // One statement at a time: streams that are read side by side share the connection.
  const statements = new PQueue({concurrency: 1});
  const open = async (name: TableName): Promise<Stream> => {
    const stream = known(name);
    stream.created ??= statements.add(() =>
      createInput(
        database,
        `sink_${name}`,
        {...columnTypes(stream.table), [order]: "BIGINT", [unchanged]: "BOOLEAN"},
        [],
      ),
    );
    await stream.created;
    return stream;
  };

  const flush = async (stream: Stream): Promise<void> => {
    const rows = stream.waiting.splice(0);
    for (let start = 0; start < rows.length; start += batchRows) {
      await statements.add(() => insert(database, stream.table, rows.slice(start, start + batchRows)));
    }
  };

  return {
    async write(name, rows, {place, isUnchanged = false}) {
      const stream = await open(name);
      let rejected = 0;
      for (const row of rows) {
        const parsed = stream.table.schema.safeParse(row);
        if (parsed.success) {
          stream.waiting.push({...parsed.data, [order]: stream.written, [unchanged]: isUnchanged});
          stream.written += 1;
          continue;
        }
        rejected += 1;
        const issue = parsed.error.issues[0];
        const column = issue?.path.join(".") ?? null;
        this.reject(name, {
          place,
          id: stream.table.key.map((key) => `${key} ${String(row[key])}`).join(", "),
          column,
          value: column === null ? null : String(row[column] ?? ""),
          reason: issue?.message ?? "does not fit",
        });
      }
      if (stream.waiting.length >= batchRows) await flush(stream);
      return rejected;
    },

    reject(name, {place, id, column, value, reason}) {
      known(name).quarantined += 1;
      quarantined.push({
        table: name,
        file: place,
        line: null,
        column,
        value: value === null ? null : redactor.redact(value),
        reason: `${reason} (${id})`,
      });
    },

    async discard(name, where) {
      const stream = await open(name);
      await flush(stream);
      if (Object.keys(where).length === 0) {
        stream.quarantined = 0;
        quarantined = quarantined.filter(({table}) => table !== name);
      }
      await statements.add(() => database.run(`delete from sink_${name} where ${matching(where)}`));
    },

    async carryOver(name, where, replaced) {
      const file = currentFolder === null ? null : join(currentFolder, `${name}.parquet`);
      if (file === null || !existsSync(file)) return 0;
      const stream = await open(name);
      await flush(stream);
      const columns = stream.table.columns.map((column) => identifier(column.name)).join(", ");
      const insertion = `insert into sink_${name} select ${columns}, -1, false from read_parquet(${literal(file)}) as carried
         where ${matching(where)} and ${notReplaced(name, where, replaced)}`;
      const [row] = (await statements.add(() => database.rows(insertion))) ?? [];
      return Number(row?.Count ?? 0);
    },

    async count(name) {
      const stream = await open(name);
      await flush(stream);
      const key = stream.table.key.map(identifier).join(", ");
      const counting = `select count(*) as rows from (select distinct ${key} from sink_${name})`;
      const [row] = (await statements.add(() => database.rows(counting))) ?? [];
      return Number(row?.rows ?? 0);
    },

    async writeCsv(name, source) {
      const table = canonicalTables[name];
      const loaded = await loadCsv(database, table, source, join(folder, `${name}.parquet`));
      quarantined.push(...loaded.quarantined);
      files.push({
        table: name,
        file: `${name}.csv`,
        rows_read: loaded.rowsRead,
        rows_kept: loaded.rowsKept,
        rows_quarantined: loaded.rowsRead - loaded.rowsKept,
      });
      if (loaded.extraColumns.length > 0) {
        notes.push(`${name}.csv has columns that are not read: ${loaded.extraColumns.join(", ")}.`);
        await keepRawCsv(database, source.path, join(folder, "raw", `${name}.parquet`));
      }
      progress({stream: name, rows: loaded.rowsRead});
    },

    async raw(stream, records) {
      let raw = rawStreams.get(stream);
      if (raw === undefined) {
        const path = join(folder, "raw", `${stream.replace(/[^a-z0-9-]/gi, "_")}.jsonl.gz`);
        await mkdir(dirname(path), {recursive: true});
        const gzip = createGzip();
        raw = {gzip, done: finished(gzip.pipe(createWriteStream(path)))};
        rawStreams.set(stream, raw);
      }
      const text = redactor.redact(records.map((record) => `${JSON.stringify(record)}\n`).join(""));
      if (!raw.gzip.write(text)) await new Promise((resolve) => raw.gzip.once("drain", resolve));
    },

    async close() {
      for (const {gzip, done} of rawStreams.values()) {
        gzip.end();
        await done;
      }
      for (const [name, {table, quarantined: refused, written}] of streams) {
        if (refused > (written + refused) * worstShare) {
          throw new Error(
            `${name}: ${refused} of ${written + refused} records do not fit, more than ${worstShare * 100} %. First: ${quarantined.find((row) => row.table === name)?.reason}.`,
          );
        }
        await flush(await open(name));
        const missed = await countMissed(database, table, currentFolder);
        if (missed > 0) {
          notes.push(
            `${missed} ${missed === 1 ? "row" : "rows"} of ${name} had changed without the vendor saying so. Reading everything put that right; a lower full_sync_days does so sooner.`,
          );
        }
        const kept = await writeNewest(database, table, join(folder, `${name}.parquet`));
        files.push({
          table: name,
          file: null,
          rows_read: kept + refused,
          rows_kept: kept,
          rows_quarantined: refused,
        });
      }
      if (quarantined.length > 0) await writeQuarantine(database, quarantined, join(folder, "quarantine.parquet"));
      return {files, notes};
    },
  };
}

function matching(where: Readonly<Record<string, string>>): string {
  const conditions = Object.entries(where).map(([column, value]) => `${identifier(column)} = ${literal(value)}`);
  return ["true", ...conditions].join(" and ");
}

/** The rows of records that this sync has not read anew. */
function notReplaced(name: TableName, where: Readonly<Record<string, string>>, replaced: Replaced | undefined): string {
  if (replaced === undefined) return "true";
  const id = identifier(replaced.by);
  const others = [...(replaced.ids ?? [])].map(literal).join(", ");
  const written = `carried.${id} not in (select ${id} from sink_${name} where ${order} >= 0 and ${matching(where)})`;
  return others === "" ? written : `${written} and carried.${id} not in (${others})`;
}

/** How many rows are otherwise than in the current data, though the vendor says that they did not change. */
async function countMissed(database: Database, table: CanonicalTable, currentFolder: string | null): Promise<number> {
  const file = currentFolder === null ? null : join(currentFolder, `${table.name}.parquet`);
  if (file === null || !existsSync(file)) return 0;
  const columns = table.columns.map(({name}) => identifier(name)).join(", ");
  const [row] = await database.rows(
    `select count(*) as rows from (
       select ${columns} from sink_${table.name} where ${unchanged} except select ${columns} from read_parquet(${literal(file)}))`,
  );
  return Number(row?.rows ?? 0);
}

function columnTypes(table: CanonicalTable): Record<string, string> {
  return Object.fromEntries(table.columns.map((column) => [column.name, column.sqlType]));
}

/**
 * Of rows with one key the last one written stays: a record that moved between pages while they were read was read twice.
 * Returns the number of rows.
 */
async function writeNewest(database: Database, table: CanonicalTable, target: string): Promise<number> {
  const columns = table.columns.map(({name}) => identifier(name)).join(", ");
  const key = table.key.map(identifier).join(", ");
  const [repeated] = await database.rows(
    `select 1 as found from sink_${table.name} group by ${key} having count(*) > 1 limit 1`,
  );
  const newest = `qualify row_number() over (partition by ${key} order by ${order} desc) = 1`;
  const [row] = await database.rows(
    `copy (select ${columns} from sink_${table.name} ${repeated === undefined ? "" : newest} order by ${order})
     to ${literal(target)} (format parquet, compression zstd)`,
  );
  return Number(row?.Count ?? 0);
}

/** Rows travel as one JSON text: far quicker than a parameter per cell. */
async function insert(
  database: Database,
  table: CanonicalTable,
  rows: readonly Record<string, unknown>[],
): Promise<void> {
  const shape = `[{${table.columns.map(({name, kind}) => `"${name}":"${kind === "boolean" ? "BOOLEAN" : "VARCHAR"}"`).join(",")},"${order}":"BIGINT","${unchanged}":"BOOLEAN"}]`;
  const cells = table.columns.map(({name, sqlType}) => `cast(row.${identifier(name)} as ${sqlType})`);
  await database.run(
    `insert into sink_${table.name} select ${cells.join(", ")}, cast(row.${order} as bigint), row.${unchanged}
     from (select unnest(from_json(?::json, ${literal(shape)})) as row)`,
    [JSON.stringify(rows)],
  );
}

/** Columns that no figure needs are kept as text, so that they can be asked for later. */
async function keepRawCsv(database: Database, path: string, target: string): Promise<void> {
  await mkdir(dirname(target), {recursive: true});
  await database.run(
    `copy (select * from read_csv(${literal(path)}, all_varchar = true, header = true, delim = ',', quote = '"', escape = '"', ignore_errors = true))
     to ${literal(target)} (format parquet, compression zstd)`,
  );
}

async function writeQuarantine(database: Database, rows: readonly QuarantinedRow[], target: string): Promise<void> {
  const columns = {
    table: "VARCHAR",
    file: "VARCHAR",
    line: "BIGINT",
    column: "VARCHAR",
    value: "VARCHAR",
    reason: "VARCHAR",
  };
  await createInput(
    database,
    "quarantine",
    columns,
    rows.map((row) => ({...row})),
  );
  await database.run(`copy quarantine to ${literal(target)} (format parquet, compression zstd)`);
}
