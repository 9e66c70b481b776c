import {isNegative, isoDayBefore, isZero} from "./format.js";

export interface CsvColumn<T> {
  readonly label: string;
  readonly value: (row: T) => string | number | null;
}

/** One column for each named field of the rows. */
export function fields<T>(...names: readonly (keyof T & string)[]): CsvColumn<T>[] {
  return names.map((name) => ({label: name, value: (row) => row[name] as string | null}));
}

/** The same of amounts, under names that say that they are those of a month. */
export function monthly<T>(...names: readonly (keyof T & string)[]): CsvColumn<T>[] {
  return fields<T>(...names).map(({label, value}) => ({label: `${label}_monthly`, value}));
}

/**
 * The last day of a period or commitment, as the pages show it: `period_end` 2026-12-01 → `period_last_day` 2026-11-30. Marts
 * have the first day after it, which everybody who sees it in a spreadsheet takes for the last one.
 */
export function lastDay<T>(name: keyof T & `${string}_end`): CsvColumn<T> {
  return {label: lastDayName(name), value: (row) => lastDayOf(row[name] as string | null)};
}

/** `lastDayName("period_end")` → `period_last_day`. */
export function lastDayName(end: string): string {
  return end.replace(/_end$/, "_last_day");
}

/** `lastDayOf("2026-12-01")` → `2026-11-30`. */
export function lastDayOf(end: string | null): string | null {
  return end === null ? null : isoDayBefore(end);
}

/** Which way a signed quantity or amount points, in a word: signs get lost in spreadsheets. */
export function directionOf(signed: string | null): "underbilled" | "overbilled" | null {
  if (signed === null || isZero(signed)) return null;
  return isNegative(signed) ? "overbilled" : "underbilled";
}

/**
 * Rows as CSV (RFC 4180, with a byte order mark). Text that a spreadsheet would take for a formula is neutralised; numbers
 * stay numbers.
 */
export function toCsv<T>(columns: readonly CsvColumn<T>[], rows: readonly T[]): string {
  const lines = [
    columns.map(({label}) => cell(label)),
    ...rows.map((row) => columns.map(({value}) => cell(value(row)))),
  ];
  return `\ufeff${lines.map((line) => `${line.join(",")}\r\n`).join("")}`;
}

/** `withoutMark("'=x")` → `=x`: a text as it was before it was neutralised. */
export function withoutMark(text: string): string {
  const first = text.startsWith("'") && formula.test(text.slice(1)) ? text.slice(1) : text;
  return first.replace(/([;\t\r\n]"*)'(?=[=+\-@＝＋－＠])/g, "$1");
}

/** What a spreadsheet takes for the beginning of a formula, or skips before one. */
const formula = /^[=+\-@＝＋－＠\t\r\n]/;
/** What stands before one within a text, where the spreadsheet's language has semicolons between cells and quotes hold none. */
const laterFormula = /[;\t\r\n]"*(?=[=+\-@＝＋－＠])/g;

function cell(value: string | number | null): string {
  if (value === null) return "";
  const text = String(value);
  const isNumber = typeof value === "number" || /^-?\d+(\.\d+)?$/.test(text);
  const safe = isNumber ? text : `${formula.test(text) ? "'" : ""}${text.replace(laterFormula, "$&'")}`;
  return /[",;\t\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
