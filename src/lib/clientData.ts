import type {ClientRow, ReconciliationRow} from "./figures.js";
import {rowsOf, type Table} from "./rows.js";

type Text = string | null;

/** What a client page is told of a client in one currency. The page itself knows which client it is. */
export interface ClientCurrency
  extends Omit<
    ClientRow,
    "client_id" | "status" | "absolute_monthly" | "reconciled_count" | "integration_ids" | "worst_health"
  > {
  readonly status: Text;
}

export type ServiceRow = Omit<ReconciliationRow, "client_id" | "client_name" | "is_rate_estimated">;

/** What a rule counts for a row, by account and product. */
export interface Source {
  readonly reconciliation_id: string;
  /** Empty for usage that no rule covers. */
  readonly rule_id: string;
  readonly connection_id: string;
  readonly account_id: string;
  readonly account_name: Text;
  readonly product_id: string;
  readonly product_name: Text;
  readonly count_method: string;
  readonly raw_count: string;
  readonly counted_quantity: string;
  readonly last_synced_at: Text;
}

export interface Rule {
  readonly rule_id: string;
  readonly service_id: string;
  readonly connection_id: string;
  /** Separated by semicolons, or `*`. */
  readonly product_ids: string;
  readonly kinds: Text;
  readonly statuses: string;
  readonly count_method: string;
  readonly multiplier: string;
  readonly minimum: Text;
  readonly maximum: Text;
  readonly is_specific: string;
  readonly note: Text;
  /** Whether the connection reports, of any client, what the rule counts. */
  readonly is_reported: string;
}

/** Seats that no rule counts, by why. */
export interface SeatGroup {
  readonly connection_id: string;
  readonly product_id: string;
  readonly product_name: Text;
  readonly kind: Text;
  readonly status: string;
  readonly disposition: string;
  readonly disposition_reason: Text;
  readonly seat_count: string;
}

export interface BilledLine {
  readonly line_id: string;
  readonly reconciliation_id: string;
  readonly service_name: Text;
  readonly agreement_id: Text;
  readonly agreement_name: Text;
  readonly invoice_number: Text;
  readonly invoice_date: Text;
  readonly description: Text;
  readonly quantity: string;
  readonly net_quantity: string;
  readonly unit_price: Text;
  readonly amount: Text;
  readonly currency: string;
  readonly is_credit: string;
  readonly basis: string;
  readonly billing_cycle: string;
  readonly period_start: Text;
  readonly period_end: Text;
  readonly is_compared: string;
}

export interface ClientFlag {
  readonly flag_code: string;
  readonly severity: string;
  readonly service_name: Text;
  readonly invoice_number: Text;
  readonly line_id: Text;
  readonly message: string;
  readonly evidence: Text;
  readonly amount_at_stake: Text;
  readonly currency: Text;
  readonly is_current: string;
}

export interface ClientIntegration {
  readonly connection_id: string;
  /** Null if the connection never synced, like the other numbers. */
  readonly accounts_linked: Text;
  readonly seats_total: Text;
  readonly seats_deleted: Text;
  readonly seats_counted: Text;
  readonly seats_filtered: Text;
  readonly seats_excluded: Text;
  readonly seats_unaccounted: Text;
  readonly last_success_at: Text;
  readonly last_attempt_at: Text;
  readonly health: string;
  readonly health_reason: string;
}

export interface Account {
  readonly connection_id: string;
  readonly account_id: string;
  readonly account_name: string;
  readonly domain: Text;
  readonly note: Text;
}

export interface ClientMonth {
  readonly period: string;
  readonly currency: string;
  readonly discrepancy_count: string;
  readonly underbilled_monthly: string;
  readonly overbilled_monthly: string;
  readonly net_monthly: string;
  readonly coverage_amount: Text;
  readonly is_closed: string;
  /** How many discrepancies have no price, by what their quantity says. */
  readonly unpriced_under: string;
  readonly unpriced_over: string;
}

export interface ClientChange {
  readonly label: Text;
  readonly currency: string;
  readonly change_kind: string;
  readonly evidence: string;
  readonly months_open: string;
  readonly first_period: string;
  readonly previous_impact_monthly: Text;
  readonly impact_monthly: Text;
}

export interface Neighbour {
  readonly slug: string;
  readonly name: string;
}

export interface Connection {
  readonly connection_id: string;
  /** psa or usage. */
  readonly kind: string;
  readonly health: string;
  readonly health_reason: string;
  /** Null if it was never read. */
  readonly last_success_at: Text;
}

/** A discrepancy with what was decided about it: the mart `work_list`. */
export interface WorkRow {
  readonly client_id: string;
  readonly client_name: string;
  readonly service_id: Text;
  readonly service_name: Text;
  readonly connection_ids: Text;
  readonly product_id: Text;
  readonly product_name: Text;
  readonly currency: string;
  readonly discrepancy_type: string;
  readonly likely_cause: string;
  readonly cause_evidence: Text;
  readonly invoiced_quantity: string;
  readonly expected_quantity: string;
  readonly delta_quantity: string;
  readonly impact_monthly: Text;
  readonly decision_state: "open" | "decided" | "expired" | "changed";
  readonly decision: Text;
  readonly decision_reason: Text;
  readonly agreed_quantity: Text;
  readonly agreed_amount: Text;
  readonly agreed_currency: Text;
  readonly period: Text;
  readonly until_date: Text;
  readonly decided_delta_quantity: Text;
  readonly decided_impact_monthly: Text;
  readonly owner: Text;
  readonly decided_by: Text;
  readonly decided_at: Text;
  readonly known_since: Text;
  readonly age_days: Text;
  /** What it comes to once for the rest of the period; null without a price, and where neither billing nor crediting is meant. */
  readonly prorated_amount: Text;
  /** Of the period that contains today; the days are null where there are several. */
  readonly days_left: Text;
  readonly days_in_period: Text;
  readonly period_end: Text;
  /** What is due once this month if it is decided so. */
  readonly due_amount: Text;
  /** Whether it was due in another month of the period already. */
  readonly was_due_elsewhere: Text;
}

/** A change of what is billed: the mart `adjustments`. */
export interface Adjustment {
  readonly adjustment_id: string;
  readonly reconciliation_id: string;
  readonly service_name: Text;
  readonly product_name: Text;
  readonly decision_state: string;
  readonly decision: Text;
  readonly agreement_name: Text;
  readonly invoice_number: Text;
  readonly current_quantity: string;
  readonly new_quantity: string;
  readonly change_quantity: string;
  readonly currency: string;
  readonly billing_cycle: string;
  readonly unit_price: Text;
  readonly period_start: string;
  readonly period_end: string;
  readonly effective_date: string;
  readonly days_in_period: string;
  readonly days_left: string;
  readonly monthly_amount: Text;
  readonly prorated_amount: Text;
  readonly agreed_amount: Text;
  readonly due_amount: Text;
  readonly reason: Text;
}

/** Seats that stand behind a count, by what they share: the mart `counted_groups`. */
export interface CountedGroup {
  readonly reconciliation_id: string;
  readonly count_method: string;
  readonly connection_id: string;
  readonly account_id: string;
  readonly product_id: string;
  readonly kind: Text;
  readonly status: string;
}

interface Facts {
  readonly client_id: string;
  readonly name: string;
  /** Its place in addresses. */
  readonly slug: string;
  /** The day of the figures, YYYY-MM-DD. */
  readonly as_of_date: string;
  /** Every connection of the workspace. */
  readonly connections: readonly Connection[];
  /** The clients before and after this one by impact. */
  readonly previous: Neighbour | null;
  readonly next: Neighbour | null;
}

/** A client's file as the build writes it. */
export interface ClientFile extends Facts {
  readonly currencies: Table;
  readonly rows: Table;
  readonly sources: Table;
  readonly rules: Table;
  readonly groups: Table;
  readonly lines: Table;
  readonly work: Table;
  readonly adjustments: Table;
  readonly counted: Table;
  readonly flags: Table;
  readonly integrations: Table;
  readonly accounts: Table;
  readonly months: Table;
  readonly changes: Table;
}

/** The same as rows. */
export interface ClientData extends Facts {
  readonly currencies: readonly ClientCurrency[];
  readonly rows: readonly ServiceRow[];
  readonly sources: readonly Source[];
  readonly rules: readonly Rule[];
  readonly groups: readonly SeatGroup[];
  readonly lines: readonly BilledLine[];
  readonly work: readonly WorkRow[];
  readonly adjustments: readonly Adjustment[];
  readonly counted: readonly CountedGroup[];
  readonly flags: readonly ClientFlag[];
  readonly integrations: readonly ClientIntegration[];
  readonly accounts: readonly Account[];
  readonly months: readonly ClientMonth[];
  /** From the month before to the last one. */
  readonly changes: readonly ClientChange[];
}

export function readClient(file: ClientFile): ClientData {
  return {
    ...file,
    currencies: rowsOf<ClientCurrency>(file.currencies),
    rows: rowsOf<ServiceRow>(file.rows),
    sources: rowsOf<Source>(file.sources),
    rules: rowsOf<Rule>(file.rules),
    groups: rowsOf<SeatGroup>(file.groups),
    lines: rowsOf<BilledLine>(file.lines),
    work: rowsOf<Omit<WorkRow, "client_id">>(file.work).map((row) => ({...row, client_id: file.client_id})),
    adjustments: rowsOf<Adjustment>(file.adjustments),
    counted: rowsOf<CountedGroup>(file.counted),
    flags: rowsOf<ClientFlag>(file.flags),
    integrations: rowsOf<ClientIntegration>(file.integrations),
    accounts: rowsOf<Account>(file.accounts),
    months: rowsOf<ClientMonth>(file.months),
    changes: rowsOf<ClientChange>(file.changes),
  };
}

export interface Seat {
  readonly connection_id: string;
  readonly account_id: string;
  readonly account_name: Text;
  readonly product_id: string;
  readonly product_name: Text;
  readonly kind: Text;
  readonly status: string;
  readonly disposition: string;
  readonly disposition_reason: Text;
  readonly rule_id: Text;
  readonly activity_state: string;
  readonly seat_id: string;
  readonly display_name: Text;
  readonly identifier: Text;
  readonly created_at: Text;
  readonly last_activity_at: Text;
  readonly days_inactive: Text;
  readonly commitment_end: Text;
}

/** What seats share is written once for all of them. */
export interface SeatFile {
  readonly shared: readonly string[];
  readonly own: readonly string[];
  readonly groups: readonly {readonly group: readonly Text[]; readonly seats: readonly (readonly Text[])[]}[];
}

export function readSeats({shared, own, groups}: SeatFile): Seat[] {
  return groups.flatMap(({group, seats}) => {
    const common = Object.fromEntries(shared.map((column, index) => [column, group[index] ?? null]));
    return rowsOf<Seat>({columns: own, rows: seats}).map((seat) => ({...common, ...seat}));
  });
}
