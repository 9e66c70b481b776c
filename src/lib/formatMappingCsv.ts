import {parse} from "csv-parse/browser/esm/sync";
import {type MappingRow, type MappingTable, mappingTables} from "./mappingTables.js";

interface FileRecord {
  readonly cells: readonly string[];
  /** As it stands in the file, without what ends the line. */
  readonly text: string;
}

/**
 * The text of a mapping file with the given rows in it. What does not change keeps its place and its very text, a changed
 * row is rewritten where it stands and a new one goes where it belongs if the file is sorted by its key, else to the end:
 * a decision is one line of a diff. Columns that only the file knows stay; columns that it lacks come last, once a row has a
 * value for them.
 */
export function formatMappingCsv(table: MappingTable, rows: readonly MappingRow[], original: string): string {
  const {columns, key} = mappingTables[table];
  const [header, ...records] = readRecords(original);
  const had = header?.cells ?? columns;
  const added = columns.filter((column) => !had.includes(column) && rows.some((row) => (row[column] || null) !== null));
  const names = [...had, ...added];
  const wanted = new Map<string, MappingRow[]>();
  for (const row of rows) wanted.set(keyOf(row, key), [...(wanted.get(keyOf(row, key)) ?? []), row]);
  const lines: {key: readonly string[]; text: string}[] = [];
  for (const record of records) {
    if (record.cells.every((cell) => cell === "")) {
      lines.push({key: lines.at(-1)?.key ?? [], text: record.text});
      continue;
    }
    const old = Object.fromEntries(had.map((name, index) => [name, record.cells[index] ?? ""]));
    const row = wanted.get(keyOf(old, key))?.shift();
    if (row === undefined) continue;
    const merged = {...old, ...row};
    const isSame = names.every((name) => (merged[name] ?? "") === (old[name] ?? ""));
    const text = isSame ? record.text + ",".repeat(added.length) : writeRow(merged, names);
    lines.push({key: key.map((column) => row[column] ?? ""), text});
  }
  const isSorted = lines.every((line, index) => index === 0 || compare(lines[index - 1]?.key ?? [], line.key) <= 0);
  for (const row of [...wanted.values()].flat()) {
    const line = {key: key.map((column) => row[column] ?? ""), text: writeRow(row, names)};
    const place = isSorted ? lines.findIndex((other) => compare(other.key, line.key) > 0) : -1;
    lines.splice(place < 0 ? lines.length : place, 0, line);
  }
  const first = header === undefined || added.length > 0 ? names.map(writeCell).join(",") : header.text;
  const mark = original.startsWith("\ufeff") ? "\ufeff" : "";
  const ending = /^[^\n]*\r\n/.test(original) ? "\r\n" : "\n";
  return mark + [first, ...lines.map(({text}) => text)].map((text) => text + ending).join("");
}

function readRecords(text: string): FileRecord[] {
  const options = {bom: true, raw: true, info: true, trim: true, relax_column_count: true} as const;
  const parsed = parse(text, options) as unknown as {record: string[]; raw: string}[];
  return parsed.map(({record, raw}) => ({cells: record, text: raw.replace(/[\r\n]+$/, "")}));
}

function keyOf(row: MappingRow, key: readonly string[]): string {
  return JSON.stringify(key.map((column) => row[column] ?? ""));
}

function compare(a: readonly string[], b: readonly string[]): number {
  for (const [index, text] of a.entries()) {
    const other = b[index] ?? "";
    if (text !== other) return text < other ? -1 : 1;
  }
  return 0;
}

function writeRow(row: MappingRow, names: readonly string[]): string {
  return names.map((name) => writeCell(row[name] ?? "")).join(",");
}

/** Exact data that Trueup reads back: nothing is done about what a spreadsheet would take for a formula. */
function writeCell(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
