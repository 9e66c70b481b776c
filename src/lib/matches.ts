import type {UrlState} from "./urlState.js";

/** Whether a row passes filters of several values: those whose place in the address is empty let everything through. */
export function matches<T>(row: T, state: UrlState, columns: Readonly<Record<string, keyof T & string>>): boolean {
  return Object.entries(columns).every(([name, column]) => {
    const chosen = state.list(name);
    return chosen.length === 0 || chosen.includes(String(row[column] ?? ""));
  });
}

/** Whether any of the texts holds what is searched for. */
export function mentions(search: string, ...texts: readonly (string | null)[]): boolean {
  const wanted = search.trim().toLowerCase();
  return wanted === "" || texts.some((text) => (text ?? "").toLowerCase().includes(wanted));
}

/** The values that a column has, as options of a filter. */
export function optionsOf<T>(
  rows: readonly T[],
  column: keyof T & string,
  label: (value: string) => string = (value) => value,
): {value: string; label: string}[] {
  const values = new Set(rows.map((row) => String(row[column] ?? "")));
  return [...values]
    .filter((value) => value !== "")
    .sort()
    .map((value) => ({value, label: label(value)}));
}
