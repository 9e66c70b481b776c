import type {z} from "zod";
import {columnName, otherSeparator, withCommas} from "./csvText.js";
import {isNear} from "./isNear.js";
import {type CheckedMappings, mappingSchemas} from "./mappingSchemas.js";
import {type MappingRow, type Mappings, type MappingTable, mappingFile, ofEachMapping} from "./mappingTables.js";
import type {Problem} from "./problem.js";

/** A record of a CSV file; the first one that is not blank is the header. */
export interface CsvRecord {
  readonly cells: readonly string[];
  readonly line: number;
}

/**
 * Checks every row of a mapping file by itself. Rows that do not fit are problems, all of them; columns that nobody reads are
 * warnings.
 */
export function checkRecords<T extends MappingTable>(
  table: T,
  records: readonly CsvRecord[],
  problems: Problem[],
  warnings: Problem[] = [],
): CheckedMappings[T] {
  const file = mappingFile(table);
  const [header, ...rest] = records.filter(({cells}) => cells.some((cell) => cell !== ""));
  if (header === undefined) return [];
  const names = header.cells.map(columnName);
  const format = findWrongFormat(names);
  if (format !== null) {
    problems.push({file, ...format});
    return [];
  }
  const {wrong, unread} = checkColumns(table, names);
  const onHeader = (problem: Omit<Problem, "file">): Problem => ({file, line: header.line, ...problem});
  problems.push(...wrong.map(onHeader));
  if (wrong.length > 0) return [];
  warnings.push(...unread.map(onHeader));
  const rows: NumberedRow[] = [];
  for (const {cells, line} of rest) {
    const nameless = cells.find((cell, index) => names[index] === "" && cell !== "");
    if (cells.length !== names.length) {
      problems.push({file, line, message: `expected ${names.length} fields, found ${cells.length}.`});
    } else if (nameless !== undefined) {
      problems.push({
        file,
        line,
        value: nameless,
        message: "stands in a column without a name.",
        remedy: `Name the column in line ${header.line}, or empty it.`,
      });
    } else {
      const row = Object.fromEntries(names.map((name, index) => [name, cells[index] || null]));
      rows.push({row, line});
    }
  }
  return checkRows(table, rows, problems);
}

/** What a spreadsheet may have made of a file instead of UTF-8 with commas. */
export function findWrongFormat(names: readonly string[]): Omit<Problem, "file"> | null {
  if (names[0]?.includes("\0")) return {message: "is not UTF-8 but probably UTF-16.", remedy: "Save it as CSV UTF-8."};
  const separator = otherSeparator(names);
  if (separator === null) return null;
  return {message: `its columns are separated by ${separator}.`, remedy: withCommas};
}

/**
 * What is wrong with a header, and which of its columns are not read. One that is probably meant for another is wrong: a
 * condition or limit that nobody reads widens the decision.
 */
function checkColumns(
  table: MappingTable,
  names: readonly string[],
): Record<"wrong" | "unread", Omit<Problem, "file">[]> {
  const columns = Object.keys(mappingSchemas[table].shape);
  const absent = columns.filter((column) => !names.includes(column));
  const expected = `Expected ${columns.join(", ")}.`;
  const unknown = [...new Set(names)].filter((name) => name !== "" && !columns.includes(name));
  const meant = new Map(unknown.map((name) => [name, absent.filter((column) => isNear(name, column))]));
  const doubled = names.filter((name, index) => name !== "" && names.indexOf(name) < index);
  return {
    wrong: [
      ...absent
        .filter((column) => isRequired(table, column))
        .map((column) => ({column, message: "this column is missing.", remedy: expected})),
      ...[...new Set(doubled)].map((column) => ({
        column,
        message: "this column stands there more than once.",
        remedy: "Keep one of them.",
      })),
      ...[...meant].flatMap(([column, near]) => {
        const remedy = `Did you mean ${near.join(" or ")}? ${expected}`;
        return near.length === 0 ? [] : [{column, message: "there is no such column.", remedy}];
      }),
    ],
    unread: [...meant].flatMap(([column, near]) =>
      near.length === 0 ? [{column, message: "this column is not read.", remedy: expected}] : [],
    ),
  };
}

interface NumberedRow {
  readonly row: MappingRow;
  readonly line: number;
}

function checkRows<T extends MappingTable>(
  table: T,
  rows: readonly NumberedRow[],
  problems: Problem[],
): CheckedMappings[T] {
  const schema: z.ZodObject = mappingSchemas[table];
  const columns = Object.keys(schema.shape);
  const checked: unknown[] = [];
  for (const {row, line} of rows) {
    const parsed = schema.safeParse(Object.fromEntries(columns.map((column) => [column, row[column] || null])));
    if (parsed.success) checked.push({...parsed.data, line});
    else {
      for (const issue of parsed.error.issues) {
        const column = String(issue.path[0] ?? "");
        const place = {file: mappingFile(table), line, column, value: row[column] ?? undefined};
        problems.push({...place, message: `${issue.message}.`});
      }
    }
  }
  return checked as unknown as CheckedMappings[T];
}

/** Checks rows that stand in no file yet, a line each below the header. */
export function checkMappings(mappings: Mappings): {mappings: CheckedMappings; problems: Problem[]} {
  const problems: Problem[] = [];
  const numbered = (table: MappingTable): NumberedRow[] =>
    mappings[table].map((row, index) => ({row, line: index + 2}));
  const checked = ofEachMapping((table): unknown => checkRows(table, numbered(table), problems));
  return {mappings: checked as CheckedMappings, problems};
}

function isRequired(table: MappingTable, column: string): boolean {
  const schema: z.ZodObject = mappingSchemas[table];
  return !(schema.shape[column] as z.ZodType).safeParse(null).success;
}
