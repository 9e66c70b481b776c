import type {CanonicalColumn, CanonicalTable} from "../canonical.js";
import {booleanWords, currencyPattern, expectations, instantPattern} from "../columnKinds.js";
import {identifier, literal} from "../database.js";
import {instantSql} from "../instants.js";
import {blanks, wideBlanks} from "./blanks.js";
import type {CsvShape} from "./scanCsv.js";

/** What is told of a row in which no column of the file has anything: it is none. */
export const emptyRow = "[]";

/** What does not fit in a row: a column, what stands there, and why. */
export interface Fault {
  readonly column: string;
  readonly value: string | null;
  readonly reason: string;
}

interface Cell {
  readonly column: CanonicalColumn;
  /** The text as it stands in the file. */
  readonly raw: string;
  /** The value, null for a text that does not fit. */
  readonly converted: string;
}

/**
 * Trimming takes longer than all other checks together, and next to no text needs it; to look for a blank takes little, unless
 * one looks for each of them. `present` are those that a text may begin or end with.
 */
function trimmed(raw: string, present: readonly string[]): string {
  const begins = wideBlanks
    .filter((blank) => present.includes(blank))
    .map((blank) => `prefix(${raw}, ${literal(blank)})`);
  const ends = present.map((blank) => `suffix(${raw}, ${literal(blank)})`);
  const isBare = [`${raw} >= '!'`, ...[...begins, ...ends].map((test) => `not ${test}`)].join(" and ");
  return `case when ${isBare} then ${raw} else nullif(trim(${raw}, ${literal(blanks.join(""))}), '') end`;
}

/** What must be known of a file to read its texts. */
type TextShape = Pick<CsvShape, "blanks" | "hasOddTexts" | "mayHaveEmptyRows">;

/** SQL that reads one column. A column that the file lacks is null. */
function cellOf(
  column: CanonicalColumn,
  position: number | undefined,
  {blanks: present, hasOddTexts}: TextShape,
): Cell {
  const raw = position === undefined ? "cast(null as varchar)" : `c${position}`;
  const text = trimmed(raw, present);
  const converted =
    column.kind === "text" && !hasOddTexts ? text : `case ${asUsual(column, raw)} ${convert(column, text)} end`;
  return {column, raw, converted};
}

/**
 * A time before 20:00. Where the digits are named the cast would take a blank or a point as well, and 24:00:00 for the next
 * day's midnight; elsewhere it takes nothing but digits.
 */
const usualTime = "[01]?:??:?[0-9]";

/** Cases for what most programs write, which need neither trimming nor a regular expression; `convert` says the same of it. */
function asUsual({kind, choices}: CanonicalColumn, raw: string): string {
  switch (kind) {
    case "choice":
      return `when ${isOneOf(raw, choices)} then ${raw}`;
    case "date":
      return `when ${raw} glob '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' then try_cast(${raw} as date)`;
    case "instant":
      return [`T${usualTime}Z`, ` ${usualTime}+00`]
        .map((end) => `when ${raw} glob '[0-9]???-??-?[0-9]${end}' then try_cast(${raw} as timestamptz)`)
        .join(" ");
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

interface OddText {
  /** SQL that finds such a text. */
  readonly test: (text: string) => string;
  readonly reason: string;
}

const withNul: OddText = {test: (text) => `contains(${text}, chr(0))`, reason: `expected ${expectations.text}`};

/** Ids that lead to nothing or to another row. Excel saves what a formula gives, and many an export writes `="00123"` for its sake. */
const changedIds: readonly OddText[] = [
  {
    test: (text) => `regexp_full_match(${text}, '(?s)=".*"')`,
    reason: 'expected the text alone, without =" around it: open the file in Excel and save it as CSV UTF-8',
  },
  {
    test: (text) => `regexp_full_match(${text}, '\\d([.,]\\d+)?E\\+\\d+')`,
    reason: "a spreadsheet has shortened this number: export it anew, and have the column be text where it is opened",
  },
];

/** Texts that do not do in a column. */
function oddTextsOf({name}: CanonicalColumn): readonly OddText[] {
  return /_id$|^identifier$/.test(name) ? [withNul, ...changedIds] : [withNul];
}

/** Cases for a text that fits. */
function convert(column: CanonicalColumn, text: string): string {
  const {kind, choices, sqlType} = column;
  switch (kind) {
    case "choice":
      return `when ${isOneOf(`lower(${text})`, choices)} then lower(${text})`;
    case "currency":
      return `when regexp_full_match(${text}, ${literal(currencyPattern.source)}) then ${text}`;
    case "boolean":
      return [true, false].map((value) => `when ${isOneOf(`lower(${text})`, wordsFor(value))} then ${value}`).join(" ");
    case "text":
      return `when not (${oddTextsOf(column)
        .map(({test}) => test(text))
        .join(" or ")}) then ${text}`;
    case "date":
      return `when regexp_full_match(${text}, '\\d{4}-\\d{2}-\\d{2}') then try_cast(${text} as date)`;
    case "instant":
      return `when regexp_full_match(${text}, ${literal(`(?i)${instantPattern.source}`)}) then ${instantSql(text)}`;
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
  shape: TextShape,
): string {
  const marks = marksOf(table);
  const cells = table.columns.map((column) => cellOf(column, positions.get(column.name), shape));
  const raws = cells.map(({raw}, index) => `${raw} as r${index}`);
  const values = cells.map(({converted}, index) => `${converted} as v${index}`);
  const columns = cells.map(({column: {name}}, index) => {
    if (name === marks.key) return `case when problem is null then v${index} end as ${identifier(name)}`;
    if (name === marks.problem) return `coalesce(problem, v${index}) as ${identifier(name)}`;
    return `v${index} as ${identifier(name)}`;
  });
  const isEmpty = shape.mayHaveEmptyRows ? `trim(concat(*columns(*)), ${literal(blanks.join(""))}) = ''` : "false";
  return `select ${columns.join(", ")}
    from (select *, ${problemOf(cells, shape)} as problem
      from (select ${[...raws, ...values, `${isEmpty} as is_empty`].join(", ")} from ${source}))`;
}

/** What is wrong with a row, null for one that fits: the fault of every column, in JSON, null for one that has none. */
function problemOf(cells: readonly Cell[], {blanks: present, hasOddTexts}: TextShape): string {
  const alwaysFits = ({kind}: CanonicalColumn): boolean => kind === "text" && !hasOddTexts;
  const checked = cells.flatMap(({column}, index) => {
    if (alwaysFits(column) && !column.required) return [];
    const text = trimmed(`r${index}`, present);
    const reason = `case when ${text} is null then 'a value is required' ${reasonsOf(column, text)} end`;
    const fault = `{'column': ${literal(column.name)}, 'value': ${text}, 'reason': ${reason}}`;
    const isBad = `v${index} is null${column.required ? "" : ` and ${text} is not null`}`;
    return [
      {
        fits: column.required ? `v${index} is not null` : `(v${index} is not null or r${index} is null)`,
        fault: `case when ${isBad} then ${fault} end`,
      },
    ];
  });
  const faults = `cast(to_json([${checked.map(({fault}) => fault).join(", ")}]) as varchar)`;
  // A cell of blanks alone is empty, and passes for one that does not fit at first.
  const none = JSON.stringify(checked.map(() => null));
  return `case when ${checked.map(({fits}) => fits).join(" and ")} then cast(null as varchar)
    when is_empty then ${literal(emptyRow)} else nullif(${faults}, ${literal(none)}) end`;
}

/** Cases for why a text does not fit. */
function reasonsOf(column: CanonicalColumn, text: string): string {
  const {kind, choices} = column;
  if (kind === "text") {
    return oddTextsOf(column)
      .map(({test, reason}) => `when ${test(text)} then ${literal(reason)}`)
      .join(" ");
  }
  return `else ${literal(`expected ${kind === "choice" ? `one of ${choices.join(", ")}` : expectations[kind]}`)}`;
}
