export interface SortColumn<T> {
  readonly key: string;
  /** What rows are compared by. Null sorts last, whatever the direction. */
  readonly sortValue: (row: T) => number | string | null;
}

const collator = new Intl.Collator("en", {sensitivity: "base", numeric: true});

/** Rows by a column's key, with a minus before it for descending. Rows that are equal keep their order. */
export function sortRows<T>(rows: readonly T[], columns: readonly SortColumn<T>[], sort: string): T[] {
  const isDescending = sort.startsWith("-");
  const column = columns.find(({key}) => key === sort.replace(/^-/, ""));
  if (column === undefined) return [...rows];
  return rows
    .map((row, index) => ({row, index, value: column.sortValue(row)}))
    .sort((a, b) => {
      if (a.value === b.value) return a.index - b.index;
      if (a.value === null) return 1;
      if (b.value === null) return -1;
      const order =
        typeof a.value === "number" && typeof b.value === "number"
          ? a.value - b.value
          : collator.compare(String(a.value), String(b.value));
      return (isDescending ? -order : order) || a.index - b.index;
    })
    .map(({row}) => row);
}
