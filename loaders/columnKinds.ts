import {z} from "zod";

/** The kinds of columns that canonical tables have: how their values are written, checked and stored. */

export type ColumnKind =
  | "text"
  | "choice"
  | "currency"
  | "boolean"
  | "date"
  | "instant"
  | "quantity"
  | "price"
  | "amount";

/** Digits before the dot that fit the types of columns. */
export const mostDigits = {quantity: 14, price: 12, amount: 16} as const;
const decimalPattern = (digits: number) => new RegExp(`^[+-]?0*(\\d{1,${digits}}(\\.\\d*)?|\\.\\d+)$`);
const decimalExpectation = (digits: number) =>
  `a decimal number with a dot and no thousands separator, and at most ${digits} digits before the dot`;

/** Money and quantities travel as decimal strings in JavaScript, never as numbers. */
const decimalPatterns = {
  quantity: decimalPattern(mostDigits.quantity),
  price: decimalPattern(mostDigits.price),
  amount: decimalPattern(mostDigits.amount),
} as const;
/** Words for yes and no, lower case, in files and in answers of declared APIs. */
export const booleanWords: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  "1": true,
  false: false,
  no: false,
  "0": false,
};
export const currencyPattern = /^[A-Za-z]{3}$/;
const datePattern = /^\d{4}-\d{2}-\d{2}$/;
export const instantPattern =
  /^\d{4}-\d{2}-\d{2}([T ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-](0\d|1[0-5])(:?[0-5]\d)?))?$/i;

export const sqlTypes: Record<ColumnKind, string> = {
  text: "VARCHAR",
  choice: "VARCHAR",
  currency: "VARCHAR",
  boolean: "BOOLEAN",
  date: "DATE",
  instant: "TIMESTAMPTZ",
  quantity: "DECIMAL(18,4)",
  price: "DECIMAL(18,6)",
  amount: "DECIMAL(18,2)",
};

/** What a value of each kind must look like, in words for the person who mends the file. */
export const expectations: Record<ColumnKind, string> = {
  text: "text without the character NUL",
  choice: "one of the listed values",
  currency: "a currency by its three letters, such as USD",
  boolean: "true or false",
  date: "a real date as YYYY-MM-DD",
  instant: "a time as ISO 8601 with its offset, such as 2026-11-23T02:00:00Z, or a date",
  quantity: decimalExpectation(mostDigits.quantity),
  price: decimalExpectation(mostDigits.price),
  amount: decimalExpectation(mostDigits.amount),
};

/** What a column's schema says of it besides. */
export interface ColumnMeta {
  kind: ColumnKind;
  choices?: readonly string[];
  description: string;
}

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether a text begins with a day of the calendar, `2026-02-28`. */
function isCalendarDate(value: string): boolean {
  const [year, month, day] = [Number(value.slice(0, 4)), Number(value.slice(5, 7)), Number(value.slice(8, 10))];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = isLeap && month === 2 ? 29 : (daysOfMonth[month - 1] ?? 0);
  return day >= 1 && day <= days;
}

function isDate(value: string): boolean {
  return datePattern.test(value) && isCalendarDate(value);
}

function isInstant(value: string): boolean {
  return instantPattern.test(value) && isCalendarDate(value);
}

/** Whether a value, which is there, is of a kind. */
export function isOf({kind, choices = []}: Pick<ColumnMeta, "kind" | "choices">, value: unknown): boolean {
  if (kind === "boolean") return typeof value === "boolean";
  if (typeof value !== "string") return false;
  if (kind === "text") return value !== "" && isWithoutNul(value);
  if (kind === "choice") return choices.includes(value);
  if (kind === "currency") return currencyPattern.test(value);
  if (kind === "date") return isDate(value);
  return kind === "instant" ? isInstant(value) : decimalPatterns[kind].test(value);
}

/** The database takes a text of SQL to end at one: nothing can be asked about an id with it in it. */
function isWithoutNul(value: string): boolean {
  return !value.includes("\0");
}

export const text = (description: string) =>
  z
    .string()
    .min(1)
    .refine(isWithoutNul, {error: `expected ${expectations.text}`})
    .meta({kind: "text", description} satisfies ColumnMeta);
export const choice = <const T extends readonly [string, ...string[]]>(choices: T, description: string) =>
  z.enum(choices).meta({kind: "choice", choices, description} satisfies ColumnMeta);
export const currency = (description: string) =>
  z
    .string()
    .regex(currencyPattern, {error: `expected ${expectations.currency}`})
    .meta({kind: "currency", description} satisfies ColumnMeta);
export const boolean = (description: string) => z.boolean().meta({kind: "boolean", description} satisfies ColumnMeta);
export const date = (description: string) =>
  z
    .string()
    .refine(isDate, {error: `expected ${expectations.date}`})
    .meta({kind: "date", description} satisfies ColumnMeta);
export const instant = (description: string) =>
  z
    .string()
    .refine(isInstant, {error: `expected ${expectations.instant}`})
    .meta({kind: "instant", description} satisfies ColumnMeta);
const decimal = (kind: "quantity" | "price" | "amount") => (description: string) =>
  z
    .string()
    .regex(decimalPatterns[kind], {error: `expected ${expectations[kind]}`})
    .meta({kind, description} satisfies ColumnMeta);
export const quantity = decimal("quantity");
export const price = decimal("price");
export const amount = decimal("amount");
