import Big from "big.js";

/** Vendors' ways of writing instants, dates and numbers, brought to the canonical ones. */

/** Vendors that do not know a time send the beginning of theirs: year 1, 1601 or 1970. */
const firstRealYear = 1971;

/**
 * An instant as ISO 8601 in UTC. `0`, an empty text and the beginning of a calendar mean never or unknown: null. A time
 * without a zone is UTC. A text that is no time stays as it is, for the schema to refuse with its value.
 * `1732320000.5, "seconds"` → `2024-11-23T00:00:00.500Z`
 */
export function instantOf(
  value: string | number | null | undefined,
  unit: "seconds" | "milliseconds" = "seconds",
): string | null {
  if (value === null || value === undefined || value === "" || Number(value) === 0) return null;
  // JavaScript would find a time in `never 1` too, and in days and months in either order.
  if (typeof value === "string" && !/^\d{4}-\d{2}-\d{2}/.test(value)) return value;
  const date =
    typeof value === "number"
      ? new Date(Math.round(unit === "seconds" ? value * 1000 : value))
      : new Date(/(Z|[+-]\d{2}:?\d{2})$/i.test(value) || !value.includes(":") ? value : `${value.replace(" ", "T")}Z`);
  if (Number.isNaN(date.getTime())) return String(value);
  return date.getUTCFullYear() < firstRealYear ? null : date.toISOString();
}

/**
 * The day of a date or time as the vendor wrote it: a PSA's dates are days, whatever the clock says. What is neither stays, for
 * the schema to refuse with its value.
 */
export function dateOf(value: string | null | undefined): string | null {
  if (value === null || value === undefined || value === "") return null;
  return /^\d{4}-/.test(value) && Number(value.slice(0, 4)) < firstRealYear ? null : value.slice(0, 10);
}

/** The calendar of many programs ends with it, and there it stands for no end. */
const lastDay = "9999-12-31";

/** A vendor's last day → the first day no longer covered. `2026-12-31` → `2027-01-01` */
export function dayAfter(value: string | null | undefined): string | null {
  const day = dateOf(value);
  if (day === null || day === lastDay) return day;
  const date = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return day;
  date.setUTCDate(date.getUTCDate() + 1);
  return date.toISOString().slice(0, 10);
}

/** A number as a decimal text, never with an exponent. Null stays null: it is not 0. `1e-7` → `0.0000001` */
export function decimalOf(value: string | number | null | undefined): string | null {
  if (value === null || value === undefined || value === "") return null;
  const text = String(value);
  return /^-?\d+(\.\d*)?e[+-]?\d+$/i.test(text) ? new Big(text).toFixed() : text;
}

/** What a table says of a vendor's word; undefined where it does not have it, be it `constructor`. */
export function lookUp<Value>(
  table: Readonly<Record<string, Value>>,
  word: string | null | undefined,
): Value | undefined {
  return Object.hasOwn(table, word ?? "") ? table[word ?? ""] : undefined;
}

/** Text without blanks around it; nothing left is null. */
export function textOf(value: string | null | undefined): string | null {
  const text = value?.trim() ?? "";
  return text === "" ? null : text;
}

/** A vendor's identifier as words. `base_workstations` → `Base workstations` */
export function wordsOf(identifier: string): string {
  const words = identifier.replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** `https://www.Example.com/about` → `example.com` */
export function domainOf(address: string | null | undefined): string | null {
  const host = textOf(address)
    ?.toLowerCase()
    .replace(/^[a-z]+:\/\//, "")
    .replace(/^www\./, "")
    .split(/[/?#:]/)[0];
  return host?.includes(".") ? host : null;
}

/** The exact sum. `0.1, "0.2"` → `0.3` */
export function addDecimals(left: string | number, right: string | number): string {
  return new Big(left).plus(right).toFixed();
}

const Millionths = Big();
Millionths.DP = 6;

/** To six decimals, rounded half away from zero. `"100", 12` → `8.333333` */
export function divideDecimal(text: string, divisor: number): string {
  return new Millionths(text).div(divisor).toFixed();
}

const TenThousandths = Big();
TenThousandths.DP = 4;

/** `text` × `by` ÷ `of`, to four decimals, rounded half away from zero. `"10.263", "10", "11"` → `9.33` */
export function scaleDecimal(text: string, by: string, of: string): string {
  return new TenThousandths(text).times(by).div(of).toFixed();
}
