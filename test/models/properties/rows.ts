import {type Day, dayNumber} from "../../reference/calendar.js";
import type {World} from "../harness.js";

export type Row = Readonly<Record<string, unknown>>;

/** The nth item, counted round and round. */
export function at<T>(list: readonly T[], n: number): T {
  const value = list[n % list.length];
  if (value === undefined) throw new Error("A choice from nothing");
  return value;
}

export function addDays(day: Day, n: number): Day {
  return new Date((dayNumber(day) + n) * 86_400_000).toISOString().slice(0, 10);
}

/** The last of the rows that agree in the columns. */
export function unique<T extends Row>(rows: readonly T[], ...columns: string[]): T[] {
  const byKey = new Map(rows.map((row) => [JSON.stringify(columns.map((column) => row[column] ?? null)), row]));
  return [...byKey.values()];
}

const idColumns = new Set(
  ["client", "service", "agreement", "agreement_line", "invoice", "invoice_line", "parent_line"]
    .concat(["connection", "account", "product", "seat", "rule"])
    .map((name) => `${name}_id`),
);

/** The same world under other ids; the PSA keeps its own. */
export function rename(world: World, prefix: string): World {
  const renamed = (column: string, value: unknown): unknown => {
    if (value === null || value === undefined || value === "psa" || value === "*") return value;
    if (idColumns.has(column)) return `${prefix}${value}`;
    if (column !== "product_ids") return value;
    return String(value)
      .split(";")
      .map((id) => `${prefix}${id.trim()}`)
      .join("; ");
  };
  const renameRow = (row: Row): Row =>
    Object.fromEntries(Object.entries(row).map(([column, value]) => [column, renamed(column, value)]));
  return mapTables(world, (rows) => rows.map(renameRow));
}

/** All rows of both, the second's settings and PSA left out. */
export function join(first: World, second: World): World {
  const others = second as Record<string, readonly Row[] | undefined>;
  return mapTables(first, (rows, table) => [
    ...rows,
    ...(others[table] ?? []).filter(({connection_id}) => connection_id !== "psa"),
  ]);
}

export function mapTables(world: World, change: (rows: readonly Row[], table: string) => readonly Row[]): World {
  return Object.fromEntries(
    Object.entries(world).map(([table, rows]) => [table, Array.isArray(rows) ? change(rows, table) : rows]),
  );
}
