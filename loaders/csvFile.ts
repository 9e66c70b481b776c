import {mkdir, rename, rm} from "node:fs/promises";
import {basename, dirname} from "node:path";
import {cut} from "../src/lib/format.js";
import type {CanonicalTable} from "./canonical.js";
import type {CsvSource} from "./connectors/connector.js";
import {readHeader} from "./csvHeader.js";
import {checkedRows, marksOf, separator} from "./csvRows.js";
import {type Database, identifier, literal, parquetFormat} from "./database.js";
import {findRecordLines} from "./recordLines.js";
import {type CsvShape, copyWithLineFeeds, scanCsv} from "./scanCsv.js";

/** A row that does not fit, kept apart with where it stands and why. */
export interface QuarantinedRow {
  readonly table: string;
  readonly file: string;
  /** Line in the file; null for rows that did not come from one. */
  readonly line: number | null;
  /** The vendor's id of the record; null for rows of a file. */
  readonly record: string | null;
  readonly column: string | null;
  readonly value: string | null;
  readonly reason: string;
}

export interface LoadedTable {
  readonly rowsRead: number;
  readonly rowsKept: number;
  readonly quarantined: readonly QuarantinedRow[];
  /** Headers in the file that no canonical column reads. */
  readonly extraColumns: readonly string[];
  /** What is odd in the file though it could be read. */
  readonly notes: readonly string[];
}

/** More than this share of bad rows fails the file. */
export const worstShare = 0.05;

/** The longest value that an error shows. */
const longestValue = 80;

/** Most quarantined rows that are described one by one; all of them are counted. */
const describedRows = 10_000;

/**
 * Reads one CSV file into Parquet at `target`: every column checked and converted as its canonical definition says, in the
 * order of the file, streaming. Rows that do not fit are returned with line, column, value and reason. A file with columns
 * that nothing reads is copied to `raw` as well, so that they can be asked for later.
 */
export async function loadCsv(
  database: Database,
  table: CanonicalTable,
  {path, columns = {}}: CsvSource,
  target: string,
  raw?: string,
): Promise<LoadedTable> {
  const file = basename(path);
  const headers = await readHeader(path, file);
  const positions = locateColumns(table, headers, columns, file);
  const shape = await scanCsv(path, headers.length);
  return withEvenLines(path, shape, `${target}.csv`, async (even) => {
    const located = {path: even, file, columns, headers, positions, shape};
    const loaded = await load(database, table, located, target);
    if (raw !== undefined && loaded.extraColumns.length > 0) await copyAsText(database, located, raw);
    return loaded;
  });
}

/** Reads a CSV file, or a copy of it where its lines end in more than one way: DuckDB makes something else of such a file. */
async function withEvenLines<T>(
  path: string,
  {mixesLineEnds}: CsvShape,
  even: string,
  read: (path: string) => Promise<T>,
): Promise<T> {
  if (!mixesLineEnds) return read(path);
  try {
    await copyWithLineFeeds(path, even);
    return await read(even);
  } finally {
    await rm(even, {force: true});
  }
}

interface Located {
  readonly path: string;
  /** Its name in messages. */
  readonly file: string;
  readonly columns: Readonly<Record<string, string>>;
  readonly headers: readonly string[];
  readonly positions: ReadonlyMap<string, number>;
  readonly shape: CsvShape;
}

async function load(
  database: Database,
  table: CanonicalTable,
  {path, file, columns: mapping, headers, positions, shape}: Located,
  target: string,
): Promise<LoadedTable> {
  const used = new Set(positions.values());
  const extraColumns = headers.filter((_, index) => !used.has(index) && headers[index] !== "");
  await database.run("drop table if exists reject_errors; drop table if exists reject_scans");
  const names = headers.map((_, index) => `c${index}`);
  const source = recordsOf(path, names, shape);
  const staged = `${target}.tmp`;
  await database.run(`copy (${checkedRows(table, positions, source, shape)}) to ${literal(staged)} ${parquetFormat}`);
  const rejected = await readRejects(database);
  const bad = await findBadRows(database, table, staged);
  const {lines, rejectedLines} =
    bad.total + rejected.length === 0
      ? {lines: [], rejectedLines: []}
      : await findRecordLines(
          path,
          bad.rows.map((row) => row.place),
          rejected.map((reject) => reject.offset),
        );
  const unread = rejected.map(({value, reason}, index) => ({
    ...(rejectedLines[index] ?? {line: null, lines: 1}),
    ...{value, reason},
  }));
  // DuckDB leaves out without a word what a quote opens and nothing closes.
  const {unclosed, swallowed} = shape;
  if (unclosed !== null && !unread.some(({line, lines: taken}) => line !== null && line + taken > unclosed.line)) {
    unread.push({...unclosed, value: unclosed.text, reason: "a quote that opens here is never closed"});
  }
  // A quote that is missing somewhere takes the lines up to the next one for a single record.
  const linesUnread = unread.reduce((sum, record) => sum + record.lines, 0);
  const rowsRead = bad.read + linesUnread;
  const rowsBad = bad.total + linesUnread;
  const quarantined = [
    ...unread.slice(0, describedRows).map(
      ({line, lines: taken, value, reason}): QuarantinedRow => ({
        table: table.name,
        file,
        line,
        record: null,
        column: null,
        value,
        reason: taken === 1 ? reason : `${reason}; with it ${taken - 1} more lines were not read`,
      }),
    ),
    ...bad.rows.map(
      (row, index): QuarantinedRow => ({
        table: table.name,
        file,
        line: lines[index] ?? null,
        record: null,
        column: row.column === null ? null : (mapping[row.column] ?? row.column),
        value: row.value,
        reason: row.reason,
      }),
    ),
  ].sort((a, b) => (a.line ?? 0) - (b.line ?? 0));
  if (rowsBad > rowsRead * worstShare) throw new TooManyBadRowsError(file, rowsBad, rowsRead, quarantined);
  if (bad.total === 0) await rename(staged, target);
  else {
    const kept = table.columns.map((column) => identifier(column.name)).join(", ");
    const from = placedRows(staged);
    const fitting = `where ${identifier(marksOf(table).key)} is not null`;
    // A join does not keep the order.
    const rows =
      bad.repeated === 0
        ? `${from} ${fitting}`
        : `${from} anti join repeated_rows on file_row_number = place ${fitting} order by file_row_number`;
    await database.run(`copy (select ${kept} from ${rows}) to ${literal(target)} ${parquetFormat}`);
  }
  const notes =
    swallowed === null
      ? []
      : [
          `${file} line ${swallowed.line}: a quoted field holds ${swallowed.lines} lines that look like rows. Where a quote is missing there, they were not read.`,
        ];
  if (extraColumns.length > 0) notes.push(`${file} has columns that are not read: ${extraColumns.join(", ")}.`);
  return {rowsRead, rowsKept: rowsRead - rowsBad, quarantined, extraColumns, notes};
}

/** Copies a CSV file into Parquet as it came, every cell as text. Records of another shape than the header are left out. */
async function copyAsText(database: Database, {path, headers, shape}: Located, target: string): Promise<void> {
  const names = headers.map((name, index) => {
    const isTaken = name === "" || headers.slice(0, index).some((other) => other.toLowerCase() === name.toLowerCase());
    return isTaken ? `${name}_${index + 1}` : name;
  });
  await mkdir(dirname(target), {recursive: true});
  await database.run(`copy (from ${recordsOf(path, names, shape)}) to ${literal(target)} ${parquetFormat}`);
}

/** The records of a CSV file as texts under these names, as SQL. Those of another shape go into `reject_errors`. */
function recordsOf(path: string, names: readonly string[], {spanLines}: CsvShape): string {
  // A buffer would otherwise be sixteen of the longest lines: that much memory for every core. Where several cores read, each
  // guesses whether it begins within quotes, and guesses wrong within long cells that look like records.
  return `read_csv(${literal(path)}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
    columns = {${names.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ")}}, max_line_size = 16000000, buffer_size = 64000000,
    ignore_errors = true, store_rejects = true, rejects_limit = 0, parallel = ${!spanLines})`;
}

/** A file of which too much does not fit to be believed. */
export class TooManyBadRowsError extends Error {
  constructor(
    readonly file: string,
    readonly bad: number,
    readonly read: number,
    readonly quarantined: readonly QuarantinedRow[],
  ) {
    const first = quarantined[0];
    const example =
      first === undefined
        ? ""
        : ` First: line ${first.line ?? "?"}${first.column === null ? "" : `, ${first.column}`}${first.value === null ? "" : ` ${JSON.stringify(cut(first.value, longestValue))}`}: ${first.reason}.`;
    super(`${file}: ${bad} of ${read} rows do not fit, more than ${worstShare * 100} %.${example}`);
  }
}

/** Canonical column → position in the file. */
function locateColumns(
  table: CanonicalTable,
  headers: readonly string[],
  mapping: Readonly<Record<string, string>>,
  file: string,
): Map<string, number> {
  const problems: string[] = [];
  const positions = new Map<string, number>();
  for (const column of table.columns) {
    const header = mapping[column.name] ?? column.name;
    const found = headers.flatMap((name, index) => (name.toLowerCase() === header.toLowerCase() ? [index] : []));
    if (found.length > 1) problems.push(`the header ${JSON.stringify(header)} stands there ${found.length} times`);
    const [position] = found;
    if (position !== undefined) positions.set(column.name, position);
    else if (column.required || column.name in mapping)
      problems.push(`the column ${JSON.stringify(header)} is missing`);
  }
  if (problems.length > 0) {
    throw new Error(
      `${file}: ${problems.join("; ")}. The header reads ${headers.map((header) => JSON.stringify(header)).join(", ")}; other names can be mapped under columns.`,
    );
  }
  return positions;
}

interface BadRows {
  /** Rows in all, how many of them are bad, and how many of those have the key of an earlier row. */
  readonly read: number;
  readonly total: number;
  readonly repeated: number;
  /** The first of them. */
  readonly rows: readonly BadRow[];
}

interface BadRow {
  readonly place: number;
  readonly column: string | null;
  readonly value: string | null;
  readonly reason: string;
}

/** All rows of a file, those that do not fit marked, with their places as `file_row_number`. */
function placedRows(staged: string): string {
  return `read_parquet(${literal(staged)}, file_row_number = true)`;
}

async function findBadRows(database: Database, table: CanonicalTable, staged: string): Promise<BadRows> {
  const from = placedRows(staged);
  const key = table.key.map(identifier).join(", ");
  const marks = marksOf(table);
  const mark = identifier(marks.key);
  const [totals] = await database.rows(
    `select count(*) as read, count(${mark}) as fitting,
       count(distinct hash(${key})) filter (${mark} is not null) as keys from ${from}`,
  );
  const misfits = Number(totals?.read) - Number(totals?.fitting);
  const misfitRows =
    misfits === 0
      ? []
      : await database.rows(
          `select file_row_number as place, ${identifier(marks.problem)} as problem from ${from}
           where ${mark} is null order by 1 limit ${describedRows}`,
        );
  const isRepeated = Number(totals?.keys) < Number(totals?.fitting);
  const repeated = isRepeated ? await findRepeated(database, table, from) : {count: 0, rows: []};
  return {
    read: Number(totals?.read),
    total: misfits + repeated.count,
    repeated: repeated.count,
    rows: [
      ...misfitRows.map((row) => {
        // The value may hold anything, separators too.
        const parts = String(row.problem).split(separator);
        const value = parts.slice(1, -1).join(separator);
        return {
          place: Number(row.place),
          column: parts[0] ?? "",
          value: value === "" ? null : value,
          reason: parts.at(-1) ?? "",
        };
      }),
      ...repeated.rows,
    ],
  };
}

/** Puts the places of rows that have the key of an earlier one into the table `repeated_rows`. */
async function findRepeated(
  database: Database,
  table: CanonicalTable,
  from: string,
): Promise<{count: number; rows: BadRow[]}> {
  const key = table.key.map(identifier).join(", ");
  await database.run(
    `create or replace temp table repeated_rows as
     select file_row_number as place, ${key} from ${from} where ${identifier(marksOf(table).key)} is not null
     qualify row_number() over (partition by ${key} order by file_row_number) > 1`,
  );
  const [repeated] = await database.rows("select count(*) as rows from repeated_rows");
  const rows = await database.rows(`select * from repeated_rows order by place limit ${describedRows}`);
  return {
    count: Number(repeated?.rows),
    rows: rows.map((row) => ({
      place: Number(row.place),
      column: table.key.join(", "),
      value: table.key.map((name) => String(row[name] ?? "")).join(", "),
      reason: "an earlier row has the same key",
    })),
  };
}

interface Reject {
  /** Byte position at which the record begins. */
  readonly offset: number;
  readonly value: string | null;
  readonly reason: string;
}

async function readRejects(database: Database): Promise<Reject[]> {
  const rejects = await database.rows(
    `select line_byte_position as position, min(error_type) as error_type, min(error_message) as message, min(csv_line) as csv_line
     from reject_errors group by line_byte_position order by line_byte_position`,
  );
  return rejects.map((reject) => ({
    offset: Number(reject.position),
    value: reject.csv_line === null ? null : String(reject.csv_line).trim().slice(0, 200),
    reason: structural[String(reject.error_type)] ?? String(reject.message).split("\n")[0] ?? "the line cannot be read",
  }));
}

const structural: Readonly<Record<string, string>> = {
  "MISSING COLUMNS": "the line has fewer fields than the header",
  "TOO MANY COLUMNS": "the line has more fields than the header",
  "UNQUOTED VALUE": "quotes are not balanced or not doubled",
  "INVALID ENCODING": "the line is not UTF-8",
  "INVALID UNICODE": "the line is not UTF-8",
  "LINE SIZE OVER MAXIMUM": "the line is longer than 16 MB",
};
