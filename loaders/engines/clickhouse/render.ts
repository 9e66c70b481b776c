import {withoutComments} from "../../marts/models.js";

/**
 * The models are written once, in SQL that DuckDB and ClickHouse read the same way. What is left to say differently is here:
 * names of types, names of columns, and the prefix of the macros, which are every user's on a ClickHouse server.
 */

/** Types as the models and the canonical tables name them. */
const types: Readonly<Record<string, string>> = {
  varchar: "String",
  boolean: "Bool",
  integer: "Int32",
  bigint: "Int64",
  hugeint: "Int128",
  date: "Date32",
  timestamptz: "DateTime64(6, 'UTC')",
  "timestamp with time zone": "DateTime64(6, 'UTC')",
};

/** `DECIMAL(18,2)` → `Nullable(decimal(18,2))` */
export function clickhouseType(type: string): string {
  const name = type.toLowerCase();
  return `Nullable(${types[name] ?? name})`;
}

const prefix = "trueup_";

/** Names of the macros that a file defines. */
export function macroNames(macros: string): string[] {
  return [...macros.matchAll(/create or replace function (\w+)/g)].map(([, name = ""]) => name);
}

/** The part of a query that is open at a parenthesis depth. */
interface Frame {
  /** Between `select` and `from`. */
  isSelecting: boolean;
  /** Of the selected expression, what is neither space nor in parentheses. */
  expression: string[];
}

/**
 * Renders a model for ClickHouse. A column of a joined table gets its bare name, as it has in DuckDB, even where other
 * tables have one of the same name.
 *
 * `select lines.client_id from …` → `select lines.client_id as client_id from …`
 */
export function renderForClickhouse(sql: string, macros: readonly string[]): string {
  const known = new Set(macros);
  const tokens = sql.match(/'(?:[^']|'')*'|--[^\n]*|\w+|\s+|[^\w\s]/g) ?? [];
  const out: string[] = [];
  const frames: Frame[] = [{isSelecting: false, expression: []}];
  const isSpace = (token: string | undefined): boolean => token !== undefined && /^(\s|--)/.test(token);
  const endExpression = (frame: Frame): void => {
    const [, dot, column] = frame.expression;
    if (frame.isSelecting && frame.expression.length === 3 && dot === "." && column !== "*") {
      const end = out.findLastIndex((token) => !isSpace(token)) + 1;
      out.splice(end, 0, ` as ${column}`);
    }
    frame.expression = [];
  };
  for (const [index, token] of tokens.entries()) {
    if (isSpace(token)) {
      out.push(token);
      continue;
    }
    const frame = frames.at(-1) as Frame;
    const following = isSpace(tokens[index + 1]) ? tokens[index + 2] : tokens[index + 1];
    const previous = out.findLast((earlier) => !isSpace(earlier))?.toLowerCase();
    const word = token.toLowerCase();
    if (token === "(") {
      frame.expression.push(token);
      frames.push({isSelecting: false, expression: []});
    } else if (token === ")") {
      endExpression(frame);
      frames.pop();
    } else if (word === "select") {
      frame.isSelecting = true;
      frame.expression = [];
    } else if (frame.isSelecting && word === "from") {
      endExpression(frame);
      frame.isSelecting = false;
    } else if (frame.isSelecting && token === ",") {
      endExpression(frame);
    } else if (word !== "distinct") {
      frame.expression.push(token);
    }
    if (previous === "as" && word in types && (following === ")" || following === "(")) out.push(types[word] as string);
    else if (known.has(word) && following === "(") out.push(prefix + word);
    else out.push(token);
  }
  return out.join("");
}

/**
 * Writes out `lines.*`: beside a joined table with a column of the same name ClickHouse would call a column of it
 * `lines.client_id`. `columnsOf` gives the columns of a query.
 */
export async function nameStars(sql: string, columnsOf: (query: string) => Promise<string[]>): Promise<string> {
  let named = "";
  let place = 0;
  for (const {0: star, 1: alias = "", index} of sql.matchAll(/\b([a-z_]+)\.\*/g)) {
    const source = new RegExp(`\\b(?:from|join)\\s+(?:(\\w+)\\s+as\\s+${alias}\\b|(${alias})\\b(?!\\s+as\\b))`).exec(
      sql.slice(index),
    );
    const relation = source?.[1] ?? source?.[2];
    if (relation === undefined) throw new Error(`Write out the columns of ${star}: they are not those of a table.`);
    // The expressions that stand before this one, each of which ends with a line of its own.
    const [before = ""] = /^[\s\S]*\n\)(?=,?\n)/.exec(sql.slice(0, index)) ?? [];
    const columns = await columnsOf(`${before} select * from ${relation}`);
    named += sql.slice(place, index) + columns.map((column) => `${alias}.${column}`).join(", ");
    place = index + star.length;
  }
  return named + sql.slice(place);
}

/**
 * Has ClickHouse work out once what several parts of a query read: it would do it again for each of them.
 *
 * `a as (select …), b as (select … from a join a …)` → `a as materialized (select …), b as (…)`
 */
export function keepShared(sql: string): string {
  return sql.replace(/^(\w+) as \($/gm, (head, name: string) => {
    const readers = sql.match(new RegExp(`\\b(?:from|join)\\s+${name}\\b`, "g")) ?? [];
    return readers.length > 1 ? `${name} as materialized (` : head;
  });
}

/** The statements that define the macros on a server. */
export function renderMacros(macros: string): string[] {
  const names = macroNames(macros);
  return withoutComments(macros)
    .split(/;\s*\n/)
    .map((statement) => statement.trim().replace(/;$/, ""))
    .filter((statement) => statement !== "")
    .map((statement) =>
      names.reduce((text, name) => text.replace(new RegExp(`\\b${name}\\b`, "g"), prefix + name), statement),
    );
}
