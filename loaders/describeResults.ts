import {inCurrencyOrder} from "../src/lib/currencyOrder.js";
import {isCompared} from "../src/lib/figures.js";
import {count, percent, plural} from "../src/lib/format.js";
import {inColumns} from "./inColumns.js";
import type {SyncRecord} from "./lake/lake.js";
import {knownTotals} from "./marts/summaryTotals.js";
import type {Closed} from "./snapshots/closePeriod.js";
import {type Snapshot, short} from "./snapshots/snapshots.js";

type Row = Readonly<Record<string, unknown>>;

/**
 * What each connection's sync read: a line for each, in columns, and under it what was left out or went wrong, with what is
 * said of each one's quarantined rows.
 */
export function describeSyncs(records: readonly SyncRecord[], quarantines: readonly (readonly string[])[]): string[] {
  const heads = inColumns(
    records.map((record) => [
      record.connection_id,
      record.status,
      record.status === "failed"
        ? ""
        : `${plural(record.rows_kept, "row")} kept${quarantined(record.rows_quarantined)}${unchangedSince(record)}`,
      `${((Date.parse(record.ended_at) - Date.parse(record.started_at)) / 1000).toFixed(1)} s`,
    ]),
  );
  return records.flatMap((record, index) => [
    heads[index] ?? "",
    ...(record.status === "failed"
      ? [
          ...(record.error ?? "").split("\n").map((line) => `  ${line}`),
          "  Data of an earlier sync, if there is any, stays in use.",
        ]
      : []),
    ...record.files
      .filter((file) => file.rows_quarantined > 0)
      .map(
        (file) =>
          `  ${file.file ?? file.table}: ${count(file.rows_kept)} of ${plural(file.rows_read, "row")} kept${quarantined(file.rows_quarantined)}`,
      ),
    ...(quarantines[index] ?? []).map((line) => `    ${line}`),
    ...record.failed_parts.map(
      ({part, reason, has_usage}) =>
        `  ${part} could not be read${has_usage ? " and keeps its earlier data" : ", and there is none of its usage from earlier, so that it is unknown"}: ${reason}`,
    ),
    ...record.notes.map((note) => `  ${note}`),
  ]);
}

/** That only changes were read, where it was so. */
function unchangedSince({full_at, started_at}: SyncRecord): string {
  return full_at === null || full_at === started_at
    ? ""
    : ` (changes only; everything was read on ${full_at.slice(0, 10)})`;
}

function quarantined(rows: number): string {
  return rows === 0 ? "" : `, ${count(rows)} quarantined`;
}

/** The headline of a reconciliation: a paragraph per currency, and what is left to decide. */
export function describeSummary(summary: readonly Row[], ownCurrency: string): string[] {
  const counted = (number: unknown): string => count(String(number));
  const lines = inCurrencyOrder(summary, ownCurrency).flatMap((row) => [
    `${row.currency}: ${found(row)}`,
    `  clients: ${counted(row.clients_discrepant)} with discrepancies, ${counted(row.clients_reconciled)} reconciled, ${counted(row.clients_uncompared)} not compared`,
    `  coverage: ${percent(row.coverage_lines as string | null)} of billed lines, ${percent(row.coverage_amount as string | null)} of their amount`,
  ]);
  const [first] = summary;
  if (first === undefined) return lines;
  return [
    ...lines,
    `to decide: ${plural(String(first.unlinked_accounts), "unlinked account")}, ${plural(String(first.unaccounted_products), "unaccounted product")}`,
  ];
}

function found(row: Row): string {
  if (!isCompared(row)) return "nothing was compared, so what is under- or overbilled is unknown";
  const {under, over} = knownTotals(row);
  return (
    `underbilled ${told(under)}, overbilled ${told(over)} a month in ${plural(String(row.discrepancy_count), "discrepancy")}` +
    (row.unpriced_count === "0" ? "" : ` (${count(String(row.unpriced_count))} of them without a price)`)
  );
}

function told(sum: string | null): string {
  return sum ?? "unknown";
}

/** What was closed, and the checksum that the books can note. */
export function describeClosed({manifest, checksum, daysBeforeEnd}: Closed, ownCurrency: string): string[] {
  const {period, as_of, supersedes, totals, files} = manifest;
  return [
    `Closed ${period} as of ${as_of.slice(0, 10)}: ${files.length} files in snapshots/${period}, checksum ${checksum}.`,
    ...(supersedes === null ? [] : [`The earlier snapshot is snapshots/${supersedes} now.`]),
    ...(daysBeforeEnd === 0
      ? []
      : [`warning: the figures are as of ${plural(daysBeforeEnd, "day")} before the month's end.`]),
    ...describeSummary(totals, ownCurrency),
  ];
}

/** A line for each currency of each snapshot, in columns. */
export function describePeriods(
  snapshots: readonly Snapshot[],
  faults: readonly (readonly string[])[],
  ownCurrency: string,
): string[] {
  if (snapshots.length === 0) return ["No period is closed. `trueup close --period 2026-10` closes one."];
  const rows = snapshots.flatMap(({name, checksum, manifest}, index) =>
    inCurrencyOrder(manifest.totals, ownCurrency).map((total) => {
      const {under, over, net} = knownTotals(total);
      return [
        name,
        manifest.as_of.slice(0, 10),
        String(total.currency),
        `under ${told(under)}`,
        `over ${told(over)}`,
        `net ${told(net)}`,
        `coverage ${percent(total.coverage_amount as string | null)}`,
        (faults[index] ?? []).length === 0 ? `intact ${short(checksum)}` : "CHANGED",
      ];
    }),
  );
  return inColumns(rows);
}
