import type {z} from "zod";
import {kindsInWords} from "../misfitReason.js";

const kinds: Readonly<Record<string, string>> = {
  ...kindsInWords,
  object: "names with their values",
  record: "names with their values",
};

/** `auto, invoice or agreement` */
const list = new Intl.ListFormat("en-GB", {type: "disjunction"});

function oneOf(values: readonly unknown[]): string {
  return list.format(values.map(String));
}

/** What is wrong with a setting, where its schema has no message of its own. Never what stands there: it may be secret. */
export const inPlainWords: z.core.$ZodErrorMap = (issue) => {
  if (issue.input === undefined) return "is missing";
  if (issue.input === null) return "has no value";
  if (issue.code === "invalid_type") {
    const isQuoted = typeof issue.input === "string" && /^(\d+(\.\d+)?|true|false)$/.test(issue.input);
    return `expected ${kinds[issue.expected] ?? issue.expected}${isQuoted ? " without quotes" : ""}`;
  }
  if (issue.code === "invalid_value") return `expected ${oneOf(issue.values)}`;
  if (issue.code === "invalid_union" && Array.isArray(issue.options)) return `expected ${oneOf(issue.options)}`;
  if (issue.code === "invalid_union") {
    const causes = issue.errors.flatMap(([first]) => (first ? [[...first.path, first.message].join(" ")] : []));
    return [...new Set(causes)].join(" or ").replaceAll("or expected", "or");
  }
  const size = typeof issue.input === "string" || Array.isArray(issue.input) ? issue.input.length : undefined;
  if (issue.code === "too_small") return size === 0 ? "is empty" : `expected at least ${issue.minimum}`;
  if (issue.code === "too_big") return `expected at most ${issue.maximum}`;
  return undefined;
};
