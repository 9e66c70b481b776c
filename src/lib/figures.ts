/**
 * The marts that show what mappings lead to, as rows of text: decimals exact, dates ISO 8601, booleans `true` and `false`, null
 * where there is no value. The columns are those of the marts of the same name.
 */
export interface Figures {
  readonly summary: readonly SummaryRow[];
  readonly clients: readonly ClientRow[];
  readonly reconciliation: readonly ReconciliationRow[];
}

type Text = string | null;

/** The workspace in one currency. */
export interface SummaryRow {
  readonly as_of: string;
  readonly currency: string;
  readonly clients_total: string;
  readonly clients_reconciled: string;
  readonly clients_discrepant: string;
  readonly clients_uncompared: string;
  readonly discrepancy_count: string;
  readonly underbilled_monthly: string;
  readonly overbilled_monthly: string;
  readonly net_monthly: string;
  readonly absolute_monthly: string;
  readonly unpriced_count: string;
  /** 0 to 1; null without lines. */
  readonly coverage_lines: Text;
  readonly coverage_amount: Text;
  readonly unlinked_accounts: string;
  readonly unaccounted_seats: string;
  readonly unaccounted_products: string;
}

/** Whether anything was compared: what never was is unknown, and must read neither as 0 nor as clean. */
export function isCompared(row: {
  readonly clients_reconciled?: unknown;
  readonly clients_discrepant?: unknown;
}): boolean {
  return row.clients_reconciled !== "0" || row.clients_discrepant !== "0";
}

/** A client in one currency. */
export interface ClientRow {
  readonly client_id: string;
  readonly client_name: string;
  readonly status: string;
  readonly currency: string;
  readonly seat_count: string;
  readonly service_count: string;
  readonly discrepancy_count: string;
  readonly underbilled_monthly: string;
  readonly overbilled_monthly: string;
  readonly net_monthly: string;
  readonly absolute_monthly: string;
  readonly unpriced_count: string;
  readonly reconciled_count: string;
  readonly uncompared_count: string;
  readonly flagged_count: string;
  readonly inactive_count: string;
  readonly billing_cycle: Text;
  readonly billing_timing: Text;
  readonly period_start: Text;
  readonly period_end: Text;
  readonly next_invoice_date: Text;
  readonly coverage_lines: Text;
  readonly coverage_amount: Text;
  readonly integration_ids: Text;
  readonly worst_health: string;
}

/** A client and service in one currency, or usage of a client's that no rule covers. */
export interface ReconciliationRow {
  readonly reconciliation_id: string;
  readonly client_id: string;
  readonly client_name: string;
  readonly service_id: Text;
  readonly service_name: Text;
  readonly connection_ids: Text;
  readonly product_id: Text;
  readonly product_name: Text;
  readonly currency: string;
  readonly billing_cycle: Text;
  readonly period_start: Text;
  readonly period_end: Text;
  readonly invoiced_quantity: Text;
  readonly billed_basis: Text;
  readonly included_quantity: Text;
  readonly system_count: Text;
  readonly count_state: Text;
  readonly expected_quantity: Text;
  readonly delta_quantity: Text;
  readonly unit_rate: Text;
  readonly rate_basis: string;
  readonly is_rate_estimated: string;
  readonly impact_amount: Text;
  readonly impact_monthly: Text;
  readonly status: string;
  readonly discrepancy_type: Text;
  readonly likely_cause: Text;
  readonly cause_evidence: Text;
}

/** Whether both sides of a row are known. */
export function isComparedRow({status}: Pick<ReconciliationRow, "status">): boolean {
  return status === "reconciled" || status === "discrepancy";
}

type Named = Pick<ReconciliationRow, "service_name" | "product_name" | "product_id">;

/** What a row is called: its service, the product that no service stands for, or that it is of neither. */
export function nameOfRow({service_name, product_name, product_id}: Named): string {
  return service_name ?? product_name ?? product_id ?? "lines without a service";
}
