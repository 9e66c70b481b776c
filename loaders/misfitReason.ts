import type {z} from "zod";

/** What a schema calls the kinds of values, in plain words. */
export const kindsInWords: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a record",
  record: "a record",
};

/** Why a value of a vendor's record does not fit, in the words that say so of a file's, where its schema has none of its own. */
export const misfitReason: z.core.$ZodErrorMap = (issue) => {
  if (issue.input === undefined || issue.input === null || issue.input === "") return "a value is required";
  if (issue.code === "invalid_type") return `expected ${kindsInWords[issue.expected] ?? issue.expected}`;
  if (issue.code === "too_big" || issue.code === "too_small") return "expected a whole number of at most 15 digits";
  if (issue.code === "invalid_value") {
    return `expected ${issue.values.length === 1 ? "" : "one of "}${issue.values.map(String).join(", ")}`;
  }
  if (issue.code === "invalid_union") {
    const reasons = issue.errors.flatMap(([first]) => first?.message.replace(/^expected /, "") ?? []);
    return `expected ${[...new Set(reasons)].join(" or ")}`;
  }
  return undefined;
};

const list = new Intl.ListFormat("en");

/**
 * Why a row does not fit, by its first column that does not, with the names of those that do not either: all of them are to be
 * put right at once. `expected a date`, `status` → `expected a date; status does not fit either`
 */
export function withOthers(reason: string, others: readonly string[]): string {
  if (others.length === 0) return reason;
  return `${reason}; ${list.format(others)} ${others.length === 1 ? "does" : "do"} not fit either`;
}
