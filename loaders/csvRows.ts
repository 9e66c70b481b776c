import {
  booleanWords,
  type CanonicalColumn,
  type CanonicalTable,
  currencyPattern,
  expectations,
  instantPattern,
} from "./canonical.js";
import {identifier, literal} from "./database.js";
import {instantOf} from "./instants.js";
import type {CsvShape} from "./scanCsv.js";

/** Between column, value and reason of what is wrong with a row. */
export const separator = "\u001f";

interface Cell {
  readonly column: CanonicalColumn;
  /** The text as it stands in the file. */
  readonly raw: string;
  /** The value, null for a text that does not fit. */
  readonly converted: string;
}

const blanks = [" ", "\t", "\r", "\n"] as const;

/** Blanks that spreadsheets and web pages bring along. Mapping files and answers of APIs are read without them as well. */
export const wideBlanks = ["\u00a0", "\u202f", "\u3000", "\ufeff"] as const;

/** Trimming takes longer than all other checks together, and next to no text needs it; to look for wide blanks takes a fifth. */
function trimmed(raw: string, mayBeWide: boolean): string {
  const wide = mayBeWide ? wideBlanks : [];
  const begins = wide.map((blank) => `prefix(${raw}, ${literal(blank)})`);
  const ends = [...blanks, ...wide].map((blank) => `suffix(${raw}, ${literal(blank)})`);
  const bare = `nullif(trim(${raw}, ${literal([...blanks, ...wide].join(""))}), '')`;
  return `case when ${raw} >= '!' and not (${[...begins, ...ends].join(" or ")}) then ${raw} else ${bare} end`;
}

/** SQL that reads one column. A column that the file lacks is null. */
function cellOf(column: CanonicalColumn, position: number | undefined, mayBeWide: boolean): Cell {
  const raw = position === undefined ? "cast(null as varchar)" : `c${position}`;
  const text = trimmed(raw, mayBeWide);
  const converted = column.kind === "text" ? text : `case ${asUsual(column, raw)} ${convert(column, text)} end`;
  return {column, raw, converted};
}

const day = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]";
const time = "[0-9][0-9]:[0-9][0-9]:[0-9][0-9]";

/** Cases for what most programs write, which need neither trimming nor a regular expression; `convert` says the same of it. */
function asUsual({kind, choices}: CanonicalColumn, raw: string): string {
  switch (kind) {
    case "choice":
      return `when ${isOneOf(raw, choices)} then ${raw}`;
    case "date":
      return `when ${raw} glob '${day}' then try_cast(${raw} as date)`;
    case "instant":
      // DuckDB takes 24:00:00 for the next day's midnight.
      return `when (${raw} glob '${day}T${time}Z' or ${raw} glob '${day} ${time}+00') and not (${raw} glob '???????????24:*')
        then try_cast(${raw} as timestamptz)`;
    default:
      return "";
  }
}

/** Of `in` DuckDB makes a join, after which rows of a large file no longer come in its order. */
function isOneOf(text: string, choices: readonly string[]): string {
  return `list_contains([${choices.map(literal).join(", ")}], ${text})`;
}

function wordsFor(value: boolean): string[] {
  return Object.keys(booleanWords).filter((word) => booleanWords[word] === value);
}

/** Cases for a text that fits. */
function convert({kind, choices, sqlType}: CanonicalColumn, text: string): string {
  switch (kind) {
    case "choice":
      return `when ${isOneOf(`lower(${text})`, choices)} then lower(${text})`;
    case "currency":
      return `when regexp_full_match(${text}, ${literal(currencyPattern.source)}) then ${text}`;
    case "boolean":
      return [true, false].map((value) => `when ${isOneOf(`lower(${text})`, wordsFor(value))} then ${value}`).join(" ");
    case "date":
      return `when regexp_full_match(${text}, '\\d{4}-\\d{2}-\\d{2}') then try_cast(${text} as date)`;
    case "instant":
      return `when regexp_full_match(${text}, ${literal(`(?i)${instantPattern.source}`)}) then ${instantOf(text)}`;
    default:
      return `when regexp_full_match(${text}, '[+-]?(\\d+(\\.\\d*)?|\\.\\d+)') then try_cast(${text} as ${sqlType})`;
  }
}

/** A row that does not fit is staged without its key, and with what is wrong in place of another text. */
export function marksOf(table: CanonicalTable): {key: string; problem: string} {
  const [key, problem] = table.columns.filter(({kind}) => kind === "text").map(({name}) => name);
  if (key === undefined || problem === undefined) throw new Error(`${table.name} has too few texts.`);
  return {key, problem};
}

/**
 * All rows of a CSV file, every column checked and converted, as SQL. `positions` are those of the columns in the file, where
 * they are named c0, c1 and so on. Each step is a query of its own, since within one DuckDB works the same out again and again.
 */
export function checkedRows(
  table: CanonicalTable,
  positions: ReadonlyMap<string, number>,
  source: string,
  {mayHaveWideBlanks}: Pick<CsvShape, "mayHaveWideBlanks">,
): string {
  const marks = marksOf(table);
  const cells = table.columns.map((column) => cellOf(column, positions.get(column.name), mayHaveWideBlanks));
  const raws = cells.map(({raw}, index) => `${raw} as r${index}`);
  const values = cells.map(({converted}, index) => `${converted} as v${index}`);
  const columns = cells.map(({column: {name}}, index) => {
    if (name === marks.key) return `case when problem is null then v${index} end as ${identifier(name)}`;
    if (name === marks.problem) return `coalesce(problem, v${index}) as ${identifier(name)}`;
    return `v${index} as ${identifier(name)}`;
  });
  return `select ${columns.join(", ")}
    from (select *, ${problemOf(cells)} as problem from (select ${[...raws, ...values].join(", ")} from ${source}))`;
}

/** The first thing wrong with a row as `column␟value␟reason`, null for a row that fits. */
function problemOf(cells: readonly Cell[]): string {
  const fitting = cells.flatMap(({column}, index) => {
    if (column.required) return [`v${index} is not null`];
    return column.kind === "text" ? [] : [`(v${index} is not null or r${index} is null)`];
  });
  const cases = cells.flatMap(({column}, index) => {
    const text = trimmed(`r${index}`, true);
    const told = (reason: string) => literal(`${separator}${reason}`);
    const name = literal(`${column.name}${separator}`);
    const missing = `when ${text} is null then ${name} || ${told("a value is required")}`;
    const misfit = `when ${text} is not null and v${index} is null then ${name} || ${text} || ${told(reasonOf(column))}`;
    return [...(column.required ? [missing] : []), ...(column.kind === "text" ? [] : [misfit])];
  });
  return `case when ${fitting.join(" and ")} then cast(null as varchar) ${cases.join(" ")} end`;
}

function reasonOf({kind, choices}: CanonicalColumn): string {
  return kind === "choice" ? `expected one of ${choices.join(", ")}` : `expected ${expectations[kind]}`;
}
