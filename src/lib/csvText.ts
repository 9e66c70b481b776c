import {parse} from "csv-parse/browser/esm/sync";

/** A row of a CSV file by column, every cell as text; an empty cell is the empty text. */
export type CsvRow = Readonly<Record<string, string>>;

interface Line {
  /** As it stands in the file, without the line feed that ends it. */
  readonly raw: string;
  readonly cells: readonly string[];
}

/** The column that a header names: ` Client_ID` is client_id. */
export function columnName(header: string): string {
  return header.trim().toLowerCase();
}

/** What separates the columns of a file, where its header has more of it than commas: a name may have one in it; null otherwise. */
export function otherSeparator(header: readonly string[]): string | null {
  const text = header.join();
  const found = [";", "\t", "|"].find((character) => text.split(character).length > text.split(",").length);
  if (found === undefined) return null;
  return found === "\t" ? "tabs" : `"${found}"`;
}

/** Where decimals have commas, Excel separates columns by semicolons; with a dot already set it opens 22,00 as 2200. */
export const withCommas =
  "Save it with commas. In Excel: open it, then under File, Options, Advanced clear Use system separators and set a dot for decimals and a comma for thousands, then save it as CSV UTF-8.";

/** The first line of a file of which quotes tell nothing, cut at its commas: where they are no commas, a quoted cell is none. */
export function firstCells(text: string): string[] {
  const [first = ""] = text.split(/\r?\n/, 1);
  return first.split(",");
}

/** The rows of a file, read by the very library that `trueup reconcile` reads it with. */
export function readRows(text: string): CsvRow[] {
  const [header, ...lines] = linesOf(text).filter(isFilled);
  if (header === undefined) return [];
  const columns = header.cells.map(columnName);
  return lines.map(({cells}) => rowOf(columns, cells));
}

/** The columns of a file in their order. */
export function columnsOf(text: string): readonly string[] {
  return linesOf(text).find(isFilled)?.cells.map(columnName) ?? [];
}

/** `keyOf({connection_id: "m365", account_id: "a"}, ["connection_id", "account_id"])` → a text that no other row has. */
export function keyOf(row: CsvRow, columns: readonly string[]): string {
  return JSON.stringify(columns.map((column) => row[column] ?? ""));
}

/**
 * The text of a file after rows of it were replaced, added or (null) taken out, by key. Every other line keeps its bytes
 * and its place and new rows come last, so that a change shows as one line. Columns that the file lacks are added at its
 * right.
 *
 * Nothing is done about what a spreadsheet would take for a formula: Trueup reads these files back, so they are exact data.
 */
export function editCsv(
  text: string | null,
  {columns, key}: {readonly columns: readonly string[]; readonly key: readonly string[]},
  edits: ReadonlyMap<string, CsvRow | null>,
): string {
  if (edits.size === 0) return text ?? "";
  const lines = linesOf(text ?? "");
  const start = lines.findIndex(isFilled);
  const header = lines[start]?.cells.map(columnName) ?? [];
  const added = columns.filter((column) => !header.includes(column));
  const names = [...header, ...added];
  const ending = lines[start]?.raw.endsWith("\r") ? "\r" : "";
  const left = new Map(edits);
  const kept = lines.flatMap((line, index): string[] => {
    if (index < start || !isFilled(line)) return [line.raw];
    if (index === start) return [widen(line.raw, added.map((name) => `,${cell(name)}`).join(""))];
    const id = keyOf(rowOf(header, line.cells), key);
    const edit = left.get(id);
    if (edit === undefined) return [widen(line.raw, ",".repeat(added.length))];
    left.delete(id);
    return edit === null ? [] : [written(edit, names) + ending];
  });
  const before =
    start < 0 ? [names.map(cell).join(",")] : kept.map((raw) => (raw.endsWith(ending) ? raw : raw + ending));
  const rows = [...left.values()].flatMap((row) => (row === null ? [] : [written(row, names) + ending]));
  const mark = (text ?? "").startsWith("\ufeff") ? "\ufeff" : "";
  return `${mark}${[...before, ...rows].join("\n")}\n`;
}

/** The text of a file with further columns at its right, empty in every row: what is compared where a file lacks them. */
export function widenCsv(text: string | null, columns: readonly string[]): string {
  const none = "no row has this key";
  return editCsv(text, {columns, key: columns}, new Map([[none, null]]));
}

function linesOf(text: string): Line[] {
  const options = {bom: true, raw: true, info: true, trim: true, relax_column_count: true} as const;
  const parsed = parse(text, options) as unknown as {record: string[]; raw: string}[];
  // The library keeps the line feed of a line, but not the one after a carriage return.
  return parsed.map(({record, raw}) => ({raw: raw.replace(/\n$/, ""), cells: record}));
}

function isFilled({cells}: Line): boolean {
  return cells.some((text) => text !== "");
}

function rowOf(header: readonly string[], cells: readonly string[]): CsvRow {
  return Object.fromEntries(header.map((column, index) => [column, cells[index] ?? ""]));
}

function widen(raw: string, more: string): string {
  return raw.endsWith("\r") ? `${raw.slice(0, -1)}${more}\r` : raw + more;
}

function written(row: CsvRow, names: readonly string[]): string {
  return names.map((name) => cell(row[name] ?? "")).join(",");
}

function cell(text: string): string {
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
