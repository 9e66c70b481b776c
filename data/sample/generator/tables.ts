import {type MappingTable, mappingTables} from "../../../src/lib/mappingTables.js";
import type {Draft, Row} from "./draft.js";
import {asOfDays, presentMonth} from "./story.js";

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

const importColumns: Readonly<Record<string, readonly string[]>> = {
  clients: ["client_id", "client_name", "status", "parent_client_id"],
  services: ["service_id", "service_name", "category", "unit", "list_price", "unit_cost"],
  agreements: [
    "agreement_id",
    "client_id",
    "agreement_name",
    "status",
    "billing_cycle",
    "billing_timing",
    "start_date",
    "end_date",
    "currency",
  ],
  agreement_lines: [
    "agreement_line_id",
    "agreement_id",
    "service_id",
    "description",
    "quantity",
    "included_quantity",
    "unit_price",
    "unit_cost",
    "start_date",
    "end_date",
  ],
  invoices: [
    "invoice_id",
    "invoice_number",
    "client_id",
    "agreement_id",
    "invoice_date",
    "period_start",
    "period_end",
    "status",
    "currency",
    "total",
  ],
  invoice_lines: [
    "invoice_line_id",
    "invoice_id",
    "agreement_line_id",
    "service_id",
    "description",
    "quantity",
    "unit_price",
    "amount",
    "parent_line_id",
  ],
  accounts: ["account_id", "account_name", "domain"],
  products: ["product_id", "product_name", "unit", "category", "is_trial", "list_price", "unit_cost"],
  seats: [
    "seat_id",
    "account_id",
    "product_id",
    "kind",
    "display_name",
    "identifier",
    "status",
    "created_at",
    "last_activity_at",
    "commitment_end",
  ],
  counts: ["account_id", "product_id", "metric", "quantity", "as_of", "commitment_end"],
};

/** The draft's files, each row with all columns of its file. */
export function tables({rows, month}: Draft): Record<string, Table> {
  const files: Record<string, Table> = {};
  for (const [path, list] of Object.entries(rows)) {
    const columns = columnsOf(path);
    files[`${path}.csv`] = {
      columns,
      rows: list.map((row) =>
        Object.fromEntries(columns.map((column) => [column, seenIn(month, column, row[column] ?? null)])),
      ),
    };
  }
  return files;
}

function columnsOf(path: string): readonly string[] {
  const name = path.split("/").at(-1) ?? "";
  return (path.startsWith("mappings/") ? mappingTables[name as MappingTable].columns : importColumns[name]) ?? [];
}

/** What vendors say of the present month, they said of an earlier one at its end. */
function seenIn(month: number, column: string, value: string | number | null): string | number | null {
  if (month === presentMonth || typeof value !== "string" || !["last_activity_at", "as_of"].includes(column))
    return value;
  return value.replace(/^2026-(?:11|09)-/, (asOfDays[month] ?? "").slice(0, 8));
}
