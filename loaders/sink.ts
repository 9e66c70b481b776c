import {createWriteStream} from "node:fs";
import {mkdir} from "node:fs/promises";
import {dirname, join} from "node:path";
import {finished} from "node:stream/promises";
import {createGzip, type Gzip} from "node:zlib";
import {type CanonicalTable, canonicalTables, type TableName} from "./canonical.js";
import type {ProgressEvent, Sink} from "./connectors/connector.js";
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
  read: number;
  quarantined: number;
  readonly keys: Set<string>;
}

const batchRows = 2048;

/** Puts rows into the Parquet files of one sync's folder. */
export function createSink(database: Database, folder: string, progress: (event: ProgressEvent) => void): LakeSink {
  const files: SinkResult["files"][number][] = [];
  const notes: string[] = [];
  const quarantined: QuarantinedRow[] = [];
  const streams = new Map<string, Stream>();
  const rawStreams = new Map<string, {gzip: Gzip; done: Promise<void>}>();

  const open = async (name: TableName): Promise<Stream> => {
    let stream = streams.get(name);
    if (stream === undefined) {
      const table = canonicalTables[name];
      stream = {table, read: 0, quarantined: 0, keys: new Set()};
      streams.set(name, stream);
      await createInput(database, `sink_${name}`, columnTypes(table), []);
    }
    return stream;
  };

  return {
    async write(name, rows, {place}) {
      const stream = await open(name);
      const fitting: Record<string, unknown>[] = [];
      for (const row of rows) {
        stream.read += 1;
        const parsed = stream.table.schema.safeParse(row);
        if (!parsed.success) {
          const issue = parsed.error.issues[0];
          const column = issue?.path.join(".") ?? null;
          stream.quarantined += 1;
          quarantined.push({
            table: name,
            file: place,
            line: null,
            column,
            value: column === null ? null : String(row[column] ?? ""),
            reason: `${issue?.message ?? "does not fit"} (${stream.table.key.map((key) => `${key} ${String(row[key])}`).join(", ")})`,
          });
          continue;
        }
        const key = JSON.stringify(stream.table.key.map((column) => parsed.data[column] ?? null));
        if (stream.keys.has(key)) {
          stream.read -= 1;
          continue;
        }
        stream.keys.add(key);
        fitting.push(parsed.data);
      }
      for (let start = 0; start < fitting.length; start += batchRows) {
        await insert(database, stream.table, fitting.slice(start, start + batchRows));
      }
      progress({stream: name, rows: stream.read});
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
      const text = records.map((record) => `${JSON.stringify(record)}\n`).join("");
      if (!raw.gzip.write(text)) await new Promise((resolve) => raw.gzip.once("drain", resolve));
    },

    async close() {
      for (const {gzip, done} of rawStreams.values()) {
        gzip.end();
        await done;
      }
      for (const [name, stream] of streams) {
        if (stream.quarantined > stream.read * worstShare) {
          throw new Error(
            `${name}: ${stream.quarantined} of ${stream.read} rows do not fit, more than ${worstShare * 100} %. First: ${quarantined.find((row) => row.table === name)?.reason}.`,
          );
        }
        await database.run(
          `copy sink_${name} to ${literal(join(folder, `${name}.parquet`))} (format parquet, compression zstd)`,
        );
        files.push({
          table: name,
          file: null,
          rows_read: stream.read,
          rows_kept: stream.read - stream.quarantined,
          rows_quarantined: stream.quarantined,
        });
      }
      if (quarantined.length > 0) await writeQuarantine(database, quarantined, join(folder, "quarantine.parquet"));
      return {files, notes};
    },
  };
}

function columnTypes(table: CanonicalTable): Record<string, string> {
  return Object.fromEntries(table.columns.map((column) => [column.name, column.sqlType]));
}

/** Rows travel as one JSON text: far quicker than a parameter per cell. */
async function insert(
  database: Database,
  table: CanonicalTable,
  rows: readonly Record<string, unknown>[],
): Promise<void> {
  const shape = `[{${table.columns.map(({name, kind}) => `"${name}":"${kind === "boolean" ? "BOOLEAN" : "VARCHAR"}"`).join(",")}}]`;
  const cells = table.columns.map(({name, sqlType}) => `cast(row.${identifier(name)} as ${sqlType})`);
  await database.run(
    `insert into sink_${table.name} select ${cells.join(", ")}
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
