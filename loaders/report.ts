import type {SyncRecord} from "./lake.js";

type Row = Readonly<Record<string, unknown>>;

/** What each connection's sync read, as lines of text. */
export function describeSyncs(records: readonly SyncRecord[]): string[] {
  return records.flatMap((record) => [
    record.status === "failed"
      ? `${record.connection_id}: failed. ${record.error ?? ""} Data of an earlier sync, if there is any, stays in use.`
      : `${record.connection_id}: ${record.status}, ${record.rows_kept} rows kept${quarantined(record.rows_quarantined)}`,
    ...record.files
      .filter((file) => file.rows_quarantined > 0)
      .map(
        (file) =>
          `  ${file.file ?? file.table}: ${file.rows_kept} of ${file.rows_read} rows kept${quarantined(file.rows_quarantined)}`,
      ),
    ...record.failed_parts.map(({part, reason}) => `  ${part} could not be read: ${reason}`),
    ...record.notes.map((note) => `  ${note}`),
  ]);
}

function quarantined(rows: number): string {
  return rows === 0 ? "" : `, ${rows} quarantined (see quarantine.parquet in the lake)`;
}

/** The headline of a reconciliation, one paragraph per currency. */
export function describeSummary(summary: readonly Row[]): string[] {
  return summary.flatMap((row) => [
    `${row.currency}: underbilled ${row.underbilled_monthly}, overbilled ${row.overbilled_monthly} a month in ${row.discrepancy_count} discrepancies` +
      (row.unpriced_count === "0" ? "" : ` (${row.unpriced_count} of them without a price)`),
    `  clients: ${row.clients_discrepant} with discrepancies, ${row.clients_reconciled} reconciled, ${row.clients_uncompared} not compared`,
    `  coverage: ${percent(row.coverage_lines)} of billed lines, ${percent(row.coverage_amount)} of their amount`,
    `  to decide: ${row.unlinked_accounts} unlinked accounts, ${row.unaccounted_seats} unaccounted seats`,
  ]);
}

/** `"0.912345"` → `91.2 %`; null → `none`. */
function percent(share: unknown): string {
  return share === null ? "none" : `${(Number(share) * 100).toFixed(1)} %`;
}
