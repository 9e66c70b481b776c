/** A table as the build writes it: every value text or null, decimals exact, dates and times ISO 8601. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** `rowsOf({columns: ["a"], rows: [["1"]]})` → `[{a: "1"}]`. The caller says which columns there are. */
export function rowsOf<T>({columns, rows}: Table): T[] {
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index] ?? null])) as T);
}
