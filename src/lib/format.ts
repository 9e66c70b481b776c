/** Figures arrive as decimal text. They are shown, never calculated with, here. */

const locale = "en-US";
const nothing = "—";

const formats = new Map<string, Intl.NumberFormat>();

function format(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = new Intl.NumberFormat(locale, options);
  formats.set(key, made);
  return made;
}

/** Formatting takes decimal text as it is, so that no digit is lost on the way. */
function exact(value: string): Intl.StringNumericLiteral {
  return value as Intl.StringNumericLiteral;
}

function inCurrency(amount: string, currency: string | null, digits: Intl.NumberFormatOptions): string {
  const size = exact(amount.replace("-", ""));
  const code = currency ?? "";
  const text = /^[A-Za-z]{3}$/.test(code)
    ? format({style: "currency", currency: code, ...digits})
        .format(size)
        .replaceAll("\u00a0", " ")
    : `${code} ${format(digits).format(size)}`;
  return isNegative(amount) ? `−${text}` : text;
}

/** `money("1234.5", "USD")` → `$1,234.50`; null → `no price`: what is unknown is never shown as 0. */
export function money(amount: string | null, currency: string | null): string {
  if (amount === null) return "no price";
  return inCurrency(amount, currency, {minimumFractionDigits: 2, maximumFractionDigits: 2});
}

/** `signedMoney("12", "USD")` → `+$12.00`, `−` before what is negative, nothing before 0. */
export function signedMoney(amount: string | null, currency: string | null): string {
  const text = money(amount, currency);
  return amount === null || isNegative(amount) || isZero(amount) ? text : `+${text}`;
}

/** `roughMoney("2453255.00", "USD")` → `$2.5M`, for where there is no room for all digits. */
export function roughMoney(amount: string, currency: string): string {
  return inCurrency(amount, currency, {notation: "compact"});
}

/** `roughNumber(-1250)` → `−1.25K`, for the axes of charts: as many digits as ticks that lie close together need. */
export function roughNumber(value: number): string {
  return format({notation: "compact", maximumSignificantDigits: 4}).format(value).replace("-", "−");
}

/** `dropZeroCents(["$12.00", "$3.00"])` → `$12`, `$3`, for the labels of a chart: of one with cents among them all keep theirs. */
export function dropZeroCents(amounts: readonly string[]): string[] {
  const isWhole = amounts.every((amount) => amount === "" || amount.endsWith(".00"));
  return amounts.map((amount) => (isWhole ? amount.replace(/\.00$/, "") : amount));
}

/** `rate("12.500000", "USD")` → `$12.50`; up to six decimals where they are there. */
export function rate(value: string | null, currency: string | null): string {
  if (value === null) return "no price";
  return inCurrency(value, currency, {minimumFractionDigits: 2, maximumFractionDigits: 6});
}

/** `quantity("24.0000")` → `24`; null → a dash. */
export function quantity(value: string | null): string {
  if (value === null) return nothing;
  const text = format({maximumFractionDigits: 4}).format(exact(value.replace("-", "")));
  return isNegative(value) ? `−${text}` : text;
}

/** `multiplied("0.5000000000")` → `times 0.5, rounded up`, with as many decimals as a multiplier has. */
export function multiplied(multiplier: string): string {
  return `times ${format({maximumFractionDigits: 10}).format(exact(multiplier))}, rounded up`;
}

/** `withoutTrailingZeros("24.0000")` → `24`, and `20` stays: a number for files and terminals, where no digits are grouped. */
export function withoutTrailingZeros(decimal: string): string {
  return decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal;
}

/** `signedQuantity("4.0000")` → `+4`. */
export function signedQuantity(value: string | null): string {
  const text = quantity(value);
  return value === null || isNegative(value) || isZero(value) ? text : `+${text}`;
}

/** `percent("0.912345")` → `91.2%`; null → a dash. Only what is whole is shown as 100%, only none as 0%. */
export function percent(share: string | null): string {
  if (share === null) return nothing;
  const size = Math.abs(Number(share));
  const rounded = Math.round(size * 1000) / 1000;
  const isTold = rounded !== 0 && rounded !== 1;
  const shown = isTold ? size : rounded + Math.sign(size - rounded) / 1000;
  const text = format({style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1}).format(shown);
  return isNegative(share) ? `−${text}` : text;
}

// Browsers differ in what they make of September.
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** `day("2026-11-01")` → `1 Nov 2026`; a time gives its UTC day; null → a dash. What is no day stays as it is. */
export function day(value: string | null): string {
  if (value === null) return nothing;
  const date = new Date(`${value.slice(0, 10)}T00:00:00Z`);
  if (Number.isNaN(date.getTime())) return value;
  return `${date.getUTCDate()} ${months[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** `daysInWords("billed to 2026-10-31")` → `billed to 31 Oct 2026`: texts of the marts name days as files do. */
export function daysInWords(text: string): string {
  return text.replace(/(?<!\S)\d{4}-\d{2}-\d{2}(?=,|\s|$)/g, day);
}

/** `month("2026-10")` → `Oct 2026`. */
export function month(period: string): string {
  return day(`${period}-01`).slice(2);
}

/** `dayBefore("2026-12-01")` → `30 Nov 2026`: the last day that a half-open period covers. */
export function dayBefore(value: string | null): string {
  return value === null ? nothing : day(isoDayBefore(value));
}

/** `isoDayBefore("2026-12-01")` → `2026-11-30`. */
export function isoDayBefore(value: string): string {
  return new Date(Date.parse(`${value.slice(0, 10)}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

/** `period("2026-11-01", "2026-12-01")` → `1–30 Nov 2026`. The end is the first day no longer covered. */
export function period(start: string | null, end: string | null): string {
  if (start === null || end === null) return nothing;
  const [first, last] = [day(start).split(" "), dayBefore(end).split(" ")];
  const same = first[2] === last[2] ? (first[1] === last[1] ? 1 : 2) : 3;
  return `${first.slice(0, same).join(" ")}${same === 1 ? "–" : " – "}${last.join(" ")}`;
}

/** `moment("2026-11-23T02:00:00Z")` → `23 Nov 2026, 02:00 UTC`; null → `never`. */
export function moment(value: string | null): string {
  return value === null ? "never" : `${day(value)}, ${value.slice(11, 16)} UTC`;
}

/** `words("service_mapping")` → `Service mapping`; null → a dash. */
export function words(code: string | null): string {
  if (code === null || code === "") return nothing;
  const text = code.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `count(12345)` → `12,345`. */
export function count(number: string | number): string {
  return quantity(String(number));
}

/** `plural("1", "seat")` → `1 seat`; `plural(2, "discrepancy")` → `2 discrepancies`. */
export function plural(number: string | number, noun: string): string {
  return `${count(number)} ${Number(number) === 1 ? noun : pluralOf(noun)}`;
}

/** `discrepancy` → `discrepancies`. */
export function pluralOf(noun: string): string {
  return `${noun.replace(/([^aeiou])y$/, "$1ie")}s`;
}

/** At most so many characters of a text, the last of them a sign that there is more. */
export function cut(text: string, longest: number): string {
  const characters = [...text];
  return characters.length <= longest ? text : `${characters.slice(0, longest - 1).join("")}…`;
}

export function isNegative(value: string): boolean {
  return value.startsWith("-") && !isZero(value);
}

/** `negated("12.50")` → `-12.50`; what is zero stays. */
export function negated(value: string): string {
  if (isZero(value)) return value;
  return value.startsWith("-") ? value.slice(1) : `-${value}`;
}

export function isZero(value: string): boolean {
  return !/[1-9]/.test(value);
}
