import type {CanonicalTable} from "../canonical.js";
import {type Database, identifier, literal} from "../database.js";
import {withOthers} from "../misfitReason.js";
import {findRecordLines, type RecordLines} from "./recordLines.js";
import {emptyRow, type Fault, marksOf} from "./rows.js";
import type {CsvShape} from "./scanCsv.js";

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

/** Most quarantined rows that are described one by one; all of them are counted. */
const describedRows = 10_000;

/** A CSV file of which every record that DuckDB could read is staged, checked. */
export interface StagedCsv {
  readonly table: CanonicalTable;
  readonly path: string;
  /** Its name in messages. */
  readonly file: string;
  /** Canonical column → header, where the file has another. */
  readonly columns: Readonly<Record<string, string>>;
  readonly shape: CsvShape;
  /** The Parquet file with its rows, those that do not fit marked. */
  readonly staged: string;
}

export interface Misfits {
  readonly rowsRead: number;
  readonly rowsBad: number;
  /** The first of the bad ones, in the order of the file. */
  readonly quarantined: readonly QuarantinedRow[];
  /** What does not fit in those, each by itself: in a row it may be several columns. */
  readonly faults: readonly QuarantinedRow[];
  /** The staged rows that fit, in the order of the file, as SQL; null: all of them do. */
  readonly fitting: string | null;
}

/** Finds what does not fit in a file that was just read: rows, records that could not be read, and what a quote took with it. */
export async function findMisfits(database: Database, csv: StagedCsv): Promise<Misfits> {
  const {table, path, staged} = csv;
  const rejected = await readRejects(database);
  const bad = await findBadRows(database, table, staged);
  const isClean = bad.total + rejected.length === 0;
  const places = bad.rows.map((row) => row.place);
  const offsets = rejected.map((reject) => reject.offset);
  const {lines, rejectedLines} = isClean
    ? {lines: [], rejectedLines: []}
    : await findRecordLines(path, places, offsets);
  const unread = unreadRecords(rejected, rejectedLines, csv.shape);
  // A quote that is missing somewhere takes the lines up to the next one for a single record.
  const linesUnread = unread.reduce((sum, record) => sum + record.lines, 0);
  const bads = [
    ...unread.slice(0, describedRows).map((record) => [quarantineRecord(csv, record)]),
    ...bad.rows.map(({faults}, index) => faults.map((fault) => quarantineFault(csv, fault, lines[index] ?? null))),
  ].sort(([a], [b]) => (a?.line ?? 0) - (b?.line ?? 0));
  return {
    rowsRead: bad.read + linesUnread,
    rowsBad: bad.total + linesUnread,
    quarantined: bads.flatMap(inOne),
    faults: bads.flat(),
    fitting: bad.total + bad.empty === 0 ? null : fittingRows(csv, bad),
  };
}

/** A record of the file that is no row. */
interface UnreadRecord {
  readonly line: number | null;
  readonly lines: number;
  readonly value: string | null;
  readonly reason: string;
}

function unreadRecords(
  rejected: readonly Reject[],
  places: RecordLines["rejectedLines"],
  {unclosed}: CsvShape,
): readonly UnreadRecord[] {
  const unread = rejected.map(({value, reason}, index) => ({
    ...(places[index] ?? {line: null, lines: 1}),
    value,
    reason,
  }));
  // DuckDB leaves out without a word what a quote opens and nothing closes.
  const isTold = ({line, lines}: UnreadRecord): boolean =>
    line !== null && unclosed !== null && line + lines > unclosed.line;
  if (unclosed === null || unread.some(isTold)) return unread;
  return [...unread, {...unclosed, value: unclosed.text, reason: "a quote that opens here is never closed"}];
}

function quarantineRecord({table, file}: StagedCsv, {line, lines, value, reason}: UnreadRecord): QuarantinedRow {
  const why = lines === 1 ? reason : `${reason}; with it ${lines - 1} more lines were not read`;
  return {table: table.name, file, line, record: null, column: null, value, reason: why};
}

function quarantineFault({table, file, columns}: StagedCsv, fault: Fault, line: number | null): QuarantinedRow {
  return {table: table.name, file, line, record: null, ...fault, column: columns[fault.column] ?? fault.column};
}

/** A row by its first fault, with the names of the others. */
function inOne([first, ...others]: readonly QuarantinedRow[]): QuarantinedRow[] {
  if (first === undefined) return [];
  return [
    {
      ...first,
      reason: withOthers(
        first.reason,
        others.map(({column}) => column ?? ""),
      ),
    },
  ];
}

/** A join does not keep the order. */
function fittingRows({table, staged}: StagedCsv, {repeated}: BadRows): string {
  const rows = placedRows(staged);
  const isFitting = `where ${identifier(marksOf(table).key)} is not null`;
  if (repeated === 0) return `${rows} ${isFitting}`;
  return `${rows} anti join repeated_rows on file_row_number = place ${isFitting} order by file_row_number`;
}

/** All rows of a file, those that do not fit marked, with their places as `file_row_number`. */
function placedRows(staged: string): string {
  return `read_parquet(${literal(staged)}, file_row_number = true)`;
}

interface BadRows {
  /** Rows in all, how many of them are bad, and how many of those have the key of an earlier row. */
  readonly read: number;
  readonly total: number;
  readonly repeated: number;
  /** Rows besides in which nothing stands. */
  readonly empty: number;
  /** The first of them. */
  readonly rows: readonly BadRow[];
}

interface BadRow {
  readonly place: number;
  readonly faults: readonly Fault[];
}

async function findBadRows(database: Database, table: CanonicalTable, staged: string): Promise<BadRows> {
  const from = placedRows(staged);
  const key = table.key.map(identifier).join(", ");
  const marks = marksOf(table);
  const mark = identifier(marks.key);
  const problem = identifier(marks.problem);
  const isEmpty = `${mark} is null and ${problem} = ${literal(emptyRow)}`;
  const [totals] = await database.rows(
    `select count(*) filter (not (${isEmpty})) as read, count(*) filter (${isEmpty}) as empty, count(${mark}) as fitting,
       count(distinct hash(${key})) filter (${mark} is not null) as keys from ${from}`,
  );
  const misfits = Number(totals?.read) - Number(totals?.fitting);
  const misfitRows =
    misfits === 0
      ? []
      : await database.rows(
          `select file_row_number as place, ${problem} as problem from ${from}
           where ${mark} is null and not (${isEmpty}) order by 1 limit ${describedRows}`,
        );
  const isRepeated = Number(totals?.keys) < Number(totals?.fitting);
  const repeated = isRepeated ? await findRepeated(database, table, from) : {count: 0, rows: []};
  return {
    read: Number(totals?.read),
    total: misfits + repeated.count,
    repeated: repeated.count,
    empty: Number(totals?.empty),
    rows: [
      ...misfitRows.map((row) => ({
        place: Number(row.place),
        faults: (JSON.parse(String(row.problem)) as (Fault | null)[]).filter((fault) => fault !== null),
      })),
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
      faults: [
        {
          column: table.key.join(", "),
          value: table.key.map((name) => String(row[name] ?? "")).join(", "),
          reason: "an earlier row has the same key",
        },
      ],
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
  "TOO MANY COLUMNS": "the line has more fields than the header; a value with a comma needs quotes around it",
  "UNQUOTED VALUE": "quotes are not balanced or not doubled",
  "INVALID ENCODING": "the line is not UTF-8; save the file as CSV UTF-8",
  "INVALID UNICODE": "the line is not UTF-8; save the file as CSV UTF-8",
  "LINE SIZE OVER MAXIMUM": "the line is longer than 16 MB",
};
