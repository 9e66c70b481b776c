import {mkdir, rename, rm} from "node:fs/promises";
import {basename, dirname} from "node:path";
import {cut} from "../../src/lib/format.js";
import type {CanonicalTable} from "../canonical.js";
import type {CsvSource} from "../connectors/connector.js";
import {type Database, identifier, literal, parquetFormat} from "../database.js";
import {withOthers} from "../misfitReason.js";
import {readHeader} from "./header.js";
import {findMisfits, type Misfits, type QuarantinedRow} from "./misfits.js";
import {noteLastDays} from "./noteLastDays.js";
import {checkedRows} from "./rows.js";
import {type CsvShape, copyWithLineFeeds, findLoneReturn, scanCsv} from "./scanCsv.js";

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

/** In bytes. */
const longestLine = 16_000_000;

/** The longest value that an error shows. */
const longestValue = 80;

/** The most columns of a file that an error shows a value of. */
const namedColumns = 4;

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
  await database
    .run(`copy (${checkedRows(table, positions, source, shape)}) to ${literal(staged)} ${parquetFormat}`)
    .catch(async (error) => {
      const line = await findLoneReturn(path);
      if (line === null) throw error;
      throw new Error(
        `${file} line ${line}: a carriage return stands there alone. Let all lines end alike, and put values with line ends into quotes.`,
      );
    });
  const misfits = await findMisfits(database, {table, path, file, columns: mapping, shape, staged});
  const {rowsRead, rowsBad, quarantined, fitting} = misfits;
  if (rowsBad > rowsRead * worstShare) throw tooManyBadRows(file, misfits);
  if (fitting === null) await rename(staged, target);
  else {
    const kept = table.columns.map((column) => identifier(column.name)).join(", ");
    await database.run(`copy (select ${kept} from ${fitting}) to ${literal(target)} ${parquetFormat}`);
  }
  const {swallowed, garbledLine} = shape;
  const notes: string[] = [];
  if (swallowed !== null)
    notes.push(
      `${file} line ${swallowed.line}: a quoted field holds ${swallowed.lines} lines that look like rows. Where a quote is missing there, they were not read.`,
    );
  if (garbledLine !== null)
    notes.push(
      `${file} line ${garbledLine}: letters with accents became others when the file was saved. Fetch the export anew, and open it as UTF-8.`,
    );
  notes.push(...(await noteLastDays(database, {table, file, columns: mapping, target})));
  if (extraColumns.length > 0) notes.push(`${file} has columns that are not read: ${extraColumns.join(", ")}.`);
  return {rowsRead, rowsKept: rowsRead - rowsBad, quarantined, extraColumns, notes};
}

/** Copies a CSV file into Parquet as it came, every cell as text. Records of another shape than the header are left out. */
async function copyAsText(database: Database, {path, headers, shape}: Located, target: string): Promise<void> {
  const taken = new Set([""]);
  const names = headers.map((name, index) => {
    let own = name;
    while (taken.has(own.toLowerCase())) own = `${own}_${index + 1}`;
    taken.add(own.toLowerCase());
    return own;
  });
  await mkdir(dirname(target), {recursive: true});
  await database.run(`copy (from ${recordsOf(path, names, shape)}) to ${literal(target)} ${parquetFormat}`);
}

/** The records of a CSV file as texts under these names, as SQL. Those of another shape go into `reject_errors`. */
function recordsOf(path: string, names: readonly string[], {spanLines}: CsvShape): string {
  // The smaller a buffer, the faster, and each core has some. But where it is no multiple of the longest line, DuckDB leaves out
  // long lines without a word. Where several cores read, each guesses whether it begins within quotes, and guesses wrong within
  // long cells that look like records.
  return `read_csv(${literal(path)}, auto_detect = false, header = true, delim = ',', quote = '"', escape = '"',
    columns = {${names.map((name) => `${literal(name)}: 'VARCHAR'`).join(", ")}}, max_line_size = ${longestLine}, buffer_size = ${longestLine},
    ignore_errors = true, store_rejects = true, rejects_limit = 0, parallel = ${!spanLines})`;
}

/** The error of a file of which too much does not fit to be believed. */
function tooManyBadRows(file: string, {rowsBad, rowsRead, faults}: Misfits): Error {
  const firsts = firstOfEachColumn(faults);
  const others = firsts.slice(namedColumns).flatMap(({column}) => column ?? []);
  const examples = firsts.slice(0, namedColumns).map(describeMisfit);
  const sentences = withOthers(examples.join(". Also "), others);
  return new Error(
    `${file}: ${rowsBad} of ${rowsRead} rows do not fit, more than ${worstShare * 100} %. First: ${sentences}.`,
  );
}

/** Of a file that fails nothing else is told: what is to be put right is to be known at once. */
function firstOfEachColumn(faults: readonly QuarantinedRow[]): QuarantinedRow[] {
  const kindOf = ({column, reason}: QuarantinedRow): string => column ?? reason;
  const firsts = new Map<string, QuarantinedRow>();
  for (const fault of faults) if (!firsts.has(kindOf(fault))) firsts.set(kindOf(fault), fault);
  return [...firsts.values()];
}

function describeMisfit({line, column, value, reason}: QuarantinedRow): string {
  const place = `line ${line ?? "?"}${column === null ? "" : `, ${column}`}`;
  return `${place}${value === null ? "" : ` ${JSON.stringify(cut(value, longestValue))}`}: ${reason}`;
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
    if (found.length > 1)
      problems.push(
        `the header ${JSON.stringify(header)} stands there ${found.length} times, so rename those that are not meant`,
      );
    const [position] = found;
    if (position !== undefined) positions.set(column.name, position);
    else if (column.required || column.name in mapping)
      problems.push(`the column ${JSON.stringify(header)} is missing`);
  }
  if (problems.length > 0) {
    const names = headers.map((header) => JSON.stringify(header)).join(", ");
    throw new Error(
      `${file}: ${[...new Set(problems)].join("; ")}. The header reads ${names}; ${howToMend(table, headers)}.`,
    );
  }
  return positions;
}

function howToMend({columns}: CanonicalTable, headers: readonly string[]): string {
  if (headers.some((name) => name.includes("\ufffd"))) return "it is not UTF-8, so save the file as CSV UTF-8";
  const isTitle = headers.filter((name) => name !== "").length < columns.filter(({required}) => required).length;
  if (isTitle) return "if that is no header yet, take out what stands above it";
  return "other names can be mapped under columns in workspace.yaml";
}
