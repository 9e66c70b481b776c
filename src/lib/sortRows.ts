import {currencyOrder} from "./currencyOrder.js";

export interface SortColumn<T> {
  readonly key: string;
  /** What rows are compared by. Null sorts last, whatever the direction. */
  readonly sortValue: (row: T) => number | string | null;
  /**
   * Of a column of amounts: amounts of two currencies do not compare, so those of one stay together. Null where there is none:
   * below the amounts of all.
   */
  readonly currencyOf?: (row: T) => string | null;
}

const collator = new Intl.Collator("en", {sensitivity: "base", numeric: true});

/**
 * Rows by a column's key, with a minus before it for descending. Rows that are equal keep their order. Amounts stand currency
 * by currency, in the order of `currenciesApart`; 0 is as much in any of them.
 */
export function sortRows<T>(
  rows: readonly T[],
  columns: readonly SortColumn<T>[],
  sort: string,
  mainCurrency = "",
): T[] {
  const isDescending = sort.startsWith("-");
  const column = columnOf(columns, sort);
  if (column === undefined) return [...rows];
  const apart = currenciesApart(rows, columns, sort, mainCurrency);
  const ranks = new Map<string | null, number>([...apart, null].map((currency, rank) => [currency, rank]));
  return rows
    .map((row, index) => ({
      row,
      index,
      value: column.sortValue(row),
      rank: ranks.get(column.currencyOf?.(row) ?? null) ?? 0,
    }))
    .sort((a, b) => {
      if (a.value === null && b.value === null) return a.index - b.index;
      if (a.value === null) return 1;
      if (b.value === null) return -1;
      const sides = apart.length === 0 ? 0 : Math.sign(Number(a.value)) - Math.sign(Number(b.value));
      const isApart = sides === 0 && a.rank !== b.rank && Number(a.value) !== 0;
      if (isApart) return a.rank - b.rank;
      const order = sides || compare(a.value, b.value);
      return (isDescending ? -order : order) || a.index - b.index;
    })
    .map(({row}) => row);
}

/**
 * The currencies that a sort keeps apart, in their order. None unless it is by amounts of several.
 */
export function currenciesApart<T>(
  rows: readonly T[],
  columns: readonly SortColumn<T>[],
  sort: string,
  mainCurrency: string,
): string[] {
  const {currencyOf, sortValue} = columnOf(columns, sort) ?? {};
  if (currencyOf === undefined || sortValue === undefined) return [];
  const found = new Set(rows.filter((row) => Number(sortValue(row)) !== 0).flatMap((row) => currencyOf(row) ?? []));
  if (found.size < 2) return [];
  return [...found].sort(currencyOrder(mainCurrency));
}

function columnOf<T>(columns: readonly SortColumn<T>[], sort: string): SortColumn<T> | undefined {
  return columns.find(({key}) => key === sort.replace(/^-/, ""));
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return collator.compare(String(a), String(b));
}
