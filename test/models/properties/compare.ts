import {add, decimal, format, isZero, zero} from "../../reference/rational.js";
import type {Marts} from "../harness.js";

type Row = Readonly<Record<string, unknown>>;

/** What the marts and the reference say differently, one text a row; empty if they agree. */
export function differences(marts: Marts, expected: Readonly<Record<string, readonly Row[]>>): string[] {
  return Object.entries(expected).flatMap(([mart, rows]) => {
    const actual = mart === "reconciliation_sources" ? describeSources(marts) : (marts[mart] ?? []);
    const wanted = mart === "reconciliation_sources" ? mergeIdentities(rows) : rows;
    const columns = wanted[0] === undefined ? null : Object.keys(wanted[0]);
    return compareRows(
      mart,
      actual.map((row) => project(row, columns)),
      wanted.map((row) => project(row, columns)),
    );
  });
}

function project(row: Row, columns: readonly string[] | null): string {
  const names = columns ?? Object.keys(row);
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, plain(row[name])])));
}

/** Numbers as text, instants as ISO 8601, undefined as a mark of a column that is missing. */
function plain(value: unknown): unknown {
  if (value === undefined) return "(no such column)";
  if (value === null || typeof value === "boolean") return value;
  const text = String(value);
  const isInstant = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)?\+00$/.test(text);
  return isInstant ? new Date(text.replace(" ", "T").replace(/\+00$/, "Z")).toISOString() : text;
}

function compareRows(mart: string, actual: readonly string[], expected: readonly string[]): string[] {
  const remaining = [...expected];
  const extra: string[] = [];
  for (const row of actual) {
    const place = remaining.indexOf(row);
    if (place < 0) extra.push(row);
    else remaining.splice(place, 1);
  }
  return [
    ...extra.map((row) => `${mart}: the models have ${row}`),
    ...remaining.map((row) => `${mart}: the reference has ${row}`),
  ];
}

/** Sources named by what their row is about; under which of its seats an identity stands is left open. */
function describeSources(marts: Marts): Row[] {
  const rows = new Map((marts.reconciliation ?? []).map((row) => [row.reconciliation_id, row]));
  const described = (marts.reconciliation_sources ?? []).map((source): Row => {
    const row = rows.get(source.reconciliation_id);
    return {
      ...source,
      row_client_id: row?.client_id ?? null,
      row_service_id: row?.service_id ?? null,
      row_product_id: row?.product_id ?? null,
      row_currency: row?.currency ?? null,
    };
  });
  return mergeIdentities(described);
}

const sourceColumns = [
  ...["row_client_id", "row_service_id", "row_product_id", "row_currency", "rule_id", "connection_id", "account_id"],
  ...["product_id", "count_method", "last_synced_at"],
];

function mergeIdentities(sources: readonly Row[]): Row[] {
  const merged = new Map<string, Row>();
  for (const source of sources) {
    const anywhere = {rule_id: null, connection_id: null, account_id: null, product_id: null, last_synced_at: null};
    const row: Row = source.count_method === "identities" ? {...source, ...anywhere} : source;
    const known = JSON.stringify(sourceColumns.map((column) => plain(row[column])));
    const before = merged.get(known)?.counted_quantity;
    const total = add(before === undefined ? zero : decimal(String(before)), decimal(String(source.counted_quantity)));
    merged.set(known, {
      ...Object.fromEntries(sourceColumns.map((column) => [column, row[column] ?? null])),
      counted_quantity: format(total, 4),
    });
  }
  return [...merged.values()].filter((row) => !isZero(decimal(String(row.counted_quantity))));
}
