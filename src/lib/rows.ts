/** A table as the build writes it: every value text or null, decimals exact, dates and times ISO 8601. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

/** `rowsOf({columns: ["a"], rows: [["1"]]})` → `[{a: "1"}]`. The caller says which columns there are. */
export function rowsOf<T>({columns, rows}: Table): T[] {
  // Filled in one by one: pages read a hundred thousand rows and more, and a list of pairs for each costs several times this.
  return rows.map((row) => {
    const object: Record<string, string | null> = {};
    for (const [index, column] of columns.entries()) object[column] = row[index] ?? null;
    return object as T;
  });
}
