import type {Completion, CompletionContext, CompletionResult} from "@codemirror/autocomplete";
import {SQLDialect} from "@codemirror/lang-sql";

export interface SqlTable {
  readonly name: string;
  readonly kind: string;
  readonly description: string;
  readonly columns: readonly {readonly name: string; readonly type: string; readonly description: string}[];
}

const keywords = `select from where group by having order limit offset with recursive as on using inner left right full outer
  cross join union all distinct except intersect case when then else end and or not in is null like ilike similar between
  exists any asc desc nulls first last over partition rows range unbounded preceding following row filter qualify
  cast try_cast true false interval values create table view temp replace drop insert into describe summarize explain
  pivot unpivot sample lateral window`;

const types = `varchar text boolean tinyint smallint integer bigint hugeint decimal numeric double float real date time
  timestamp timestamptz blob uuid struct map list`;

const functions = `count sum avg min max median mode any_value string_agg list array_agg quantile_cont stddev bool_and bool_or
  row_number rank dense_rank lag lead first_value last_value ntile coalesce nullif greatest least abs round ceil floor sign
  lower upper trim length substring replace concat concat_ws split_part string_split starts_with contains regexp_matches
  regexp_extract regexp_replace current_date date_trunc date_part date_diff date_add strftime strptime year month day extract
  unnest list_contains list_distinct`;

const words = (text: string): string => text.trim().split(/\s+/).join(" ");

/** DuckDB's SQL as far as colours and completion go. */
export const duckdbDialect = SQLDialect.define({
  keywords: words(keywords),
  types: words(types),
  builtin: words(functions),
  caseInsensitiveIdentifiers: true,
  doubleQuotedStrings: false,
  spaceAfterDashes: false,
});

/**
 * Completes tables and their columns: after `name.` the columns of the table or alias, elsewhere those of the tables that
 * the query names, else of all, and tables. The dialect adds keywords and functions.
 */
export function completeNames(tables: readonly SqlTable[]): (context: CompletionContext) => CompletionResult | null {
  const byName = new Map(tables.map((table) => [table.name, table]));
  const tableOptions = tables.map(
    ({name, kind, description}): Completion => ({
      label: name,
      type: "class",
      detail: kind,
      info: description,
      boost: 1,
    }),
  );
  return (context) => {
    const word = context.matchBefore(/[\w.]*$/);
    if (word === null || (word.from === word.to && !context.explicit)) return null;
    const text = context.state.doc.toString();
    const dot = word.text.lastIndexOf(".");
    if (dot >= 0) {
      const table = byName.get(aliasesIn(text).get(word.text.slice(0, dot)) ?? word.text.slice(0, dot));
      if (table === undefined) return null;
      return {from: word.from + dot + 1, options: columnsOf([table]), validFor: /^\w*$/};
    }
    const named = [...new Set(aliasesIn(text).values())].flatMap((name) => byName.get(name) ?? []);
    const before = text.slice(0, word.from);
    const options = /\b(from|join)\s+$/i.test(before)
      ? tableOptions
      : [...columnsOf(named.length > 0 ? named : tables), ...tableOptions];
    return {from: word.from, options, validFor: /^\w*$/};
  };
}

/** `from seats as s join clients` → s → seats, seats → seats, clients → clients. */
export function aliasesIn(sql: string): Map<string, string> {
  const found = new Map<string, string>();
  const reserved = new Set(words(keywords).split(" "));
  for (const [, table = "", alias = ""] of sql.matchAll(/\b(?:from|join)\s+(\w+)(?:\s+(?:as\s+)?(\w+))?/gi)) {
    found.set(table, table);
    if (alias !== "" && !reserved.has(alias.toLowerCase())) found.set(alias, table);
  }
  return found;
}

function columnsOf(tables: readonly SqlTable[]): Completion[] {
  const byColumn = new Map<string, Completion>();
  for (const table of tables) {
    for (const {name, type, description} of table.columns) {
      const known = byColumn.get(name);
      const detail = known === undefined ? `${type} · ${table.name}` : known.detail;
      byColumn.set(name, {label: name, type: "property", detail, info: known?.info ?? description, boost: 2});
    }
  }
  return [...byColumn.values()];
}
