import writeExcelFile, {type Row as SheetRow} from "write-excel-file/node";
import {lastDayName, lastDayOf} from "../../src/lib/csv.js";
import {words} from "../../src/lib/format.js";
import type {Database} from "../database.js";
import {writeWhole} from "../files/writeWhole.js";
import type {Row} from "./openMarts.js";
import {withoutTimes} from "./withoutTimes.js";

/** What Excel can hold: a row of the sheet is its header. */
const longestSheet = 1_048_575;
const longestText = 32_767;
/** Excel shows none before 1900, and counts a 29 February of that year. */
const firstDay = "1900-03-01";

/** Of ids, which hardly repeat, not all are kept. */
const mostShared = 5000;

export interface Sheet {
  readonly name: string;
  readonly data: SheetRow[];
  readonly widths: readonly number[];
  /** Rows that did not fit onto the sheet. */
  readonly left: number;
}

type Kind = "text" | "amount" | "price" | "quantity" | "share" | "count" | "date" | "end" | "instant" | "boolean";

/**
 * Rows of a query as a sheet with a header. Numbers are numbers, dates are dates, text is text whatever it looks like: a cell
 * is a formula only where a file says so, and this one never does.
 */
export async function sheetOf(database: Database, name: string, sql: string, longest = longestSheet): Promise<Sheet> {
  const described = await columnsOf(database, sql);
  const columns = described.map((column) => ({...column, cell: sharedCells(column.kind)}));
  const [counted] = await database.rows(`select count(*) as n from (${sql}) as rows`);
  const data: SheetRow[] = [columns.map(({name: column, kind}) => headerCell(labelOf(column, kind)))];
  const first: Row[] = [];
  const result = await database.connection.run(`${sql} limit ${longest}`);
  for await (const rows of result.yieldRowObjectJson()) {
    if (first.length === 0) first.push(...rows);
    for (const row of rows) data.push(columns.map(({name: column, cell}) => cell(row[column], row.currency)));
  }
  return {
    name,
    data,
    widths: columns.map((column) => widthOf(column.name, column.kind, first)),
    left: Number(counted?.n ?? 0) - data.length + 1,
  };
}

/** The columns of a query, each with the kind of its values. */
export async function columnsOf(database: Database, sql: string): Promise<{name: string; kind: Kind}[]> {
  const described = await database.rows(`describe ${sql}`);
  return described.map(({column_name, column_type}) => {
    const name = String(column_name);
    return {name, kind: kindOf(name, String(column_type))};
  });
}

/** A mart's column in words, with what would be misread without it. */
function labelOf(column: string, kind: string): string {
  if (kind === "end") return words(lastDayName(column));
  return kind === "instant" ? `${words(column)} (UTC)` : words(column);
}

export function headerCell(text: string) {
  return {value: text, type: String, fontWeight: "bold", backgroundColor: "#E7ECF2"} as const;
}

function kindOf(name: string, type: string): Kind {
  if (name.startsWith("coverage_") || name.endsWith("_share")) return "share";
  if (type === "DECIMAL(18,2)") return "amount";
  if (type === "DECIMAL(18,6)") return "price";
  if (type.startsWith("DECIMAL")) return "quantity";
  if (/INT$|^INTEGER$/.test(type)) return "count";
  if (type === "DATE") return name.endsWith("_end") ? "end" : "date";
  if (type.startsWith("TIMESTAMP")) return "instant";
  return type === "BOOLEAN" ? "boolean" : "text";
}

/** The cells of a column. What repeats is one cell: a workbook may have millions, all of them in memory at once. */
function sharedCells(kind: Kind): (value: unknown, currency: unknown) => ReturnType<typeof cellOf> {
  const known = new Map<string, ReturnType<typeof cellOf>>();
  return (value, currency) => {
    if (value === null) return null;
    const key = kind === "text" ? String(value) : `${value} ${currency}`;
    const cell = known.get(key) ?? cellOf(value, kind, currency);
    if (known.size === mostShared) known.clear();
    known.set(key, cell);
    return cell;
  };
}

/** A cell of a spreadsheet from a value of a mart; `currency` is that of its row. */
export function cellOf(value: unknown, kind: Kind, currency: unknown) {
  if (value === null || value === undefined) return null;
  const text = String(value);
  switch (kind) {
    case "text":
      return {value: plainText(text), type: String};
    case "boolean":
      return {value: value === true, type: Boolean};
    case "end":
      return cellOf(lastDayOf(text), "date", currency);
    case "date":
      if (text < firstDay) return {value: text, type: String};
      return {value: new Date(`${text}T00:00:00Z`), type: Date, format: "yyyy-mm-dd"};
    case "instant":
      if (text < firstDay) return {value: text, type: String};
      return {value: new Date(text.replace(" ", "T").replace(/\+00$/, "Z")), type: Date, format: "yyyy-mm-dd hh:mm"};
    default:
      return numberCell(text, kind, currency);
  }
}

function numberCell(text: string, kind: Kind, currency: unknown) {
  // A spreadsheet keeps fifteen digits. A number that has more stays whole as text.
  if (text.replace(/\D/g, "").replace(/^0+|0+$/g, "").length > 15) return {value: text, type: String};
  return {value: Number(text), type: Number, format: numberFormat(text, kind, currency)};
}

function numberFormat(text: string, kind: Kind, currency: unknown): string {
  if (kind === "share") return "0.0%";
  if (kind === "count") return "#,##0";
  if (kind === "quantity") return /\.0*[1-9]/.test(text) ? "#,##0.0###" : "#,##0";
  const digits = kind === "price" ? "#,##0.00####" : "#,##0.00";
  return /^[A-Z]{3}$/.test(String(currency)) ? `${digits} [$${currency}]` : digits;
}

/** What a workbook cannot hold is left out: control characters, and text beyond what a cell takes. */
function plainText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: XML allows none of these.
  const clean = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
  return clean.length > longestText ? `${clean.slice(0, longestText - 1)}…` : clean;
}

function widthOf(name: string, kind: Kind, rows: readonly Row[]): number {
  if (kind === "instant") return 18;
  if (kind !== "text") return Math.max(12, Math.min(20, name.length + 2));
  const longest = rows.slice(0, 200).reduce((most, row) => Math.max(most, String(row[name] ?? "").length), name.length);
  return Math.max(10, Math.min(60, longest + 2));
}

/** Writes sheets with a frozen header and filters. */
export async function writeWorkbook(path: string, sheets: readonly Sheet[]): Promise<void> {
  const options = sheets.map(({name, data, widths}) => ({
    sheet: name,
    data,
    columns: widths.map((width) => ({width})),
    stickyRowsCount: 1,
    showGridLines: true,
  }));
  await writeWhole(path, withoutTimes(await writeExcelFile(options, {features: [filters(sheets)]}).toBuffer()));
}

type Feature = NonNullable<NonNullable<Parameters<typeof writeExcelFile>[1]>["features"]>[number];

/** The library has no filters: their element stands behind the rows of a sheet. */
function filters(sheets: readonly Sheet[]): Feature {
  return {
    files: {
      transform: {
        "xl/worksheets/sheet{id}.xml": {
          transform(xml, _, {sheetIndex}) {
            const {data, widths} = sheets[sheetIndex] as Sheet;
            const range = `A1:${columnName(widths.length)}${data.length}`;
            return xml.replace("</sheetData>", `</sheetData><autoFilter ref="${range}"/>`);
          },
        },
      },
    },
  };
}

/** `28` → `AB`. */
function columnName(place: number): string {
  const rest = Math.floor((place - 1) / 26);
  return (rest === 0 ? "" : columnName(rest)) + String.fromCharCode(65 + ((place - 1) % 26));
}
