import type {World} from "../models/harness.js";
import {activityOf, findInactiveSeats} from "./activity.js";
import {type BilledLine, findBilledLines} from "./billedLines.js";
import {disposeCounts, disposeSeats} from "./dispositions.js";
import {findFlags, placeOf} from "./flags.js";
import {readGiven} from "./given.js";
import {currentSync} from "./health.js";
import {describeAccounts, describeClientIntegrations, describeIntegrations} from "./integrations.js";
import {findMappingWork} from "./mappingWork.js";
import {findMargin} from "./margin.js";
import {marginMarts} from "./marginMarts.js";
import {type Found, type Overview, summarise, summariseClients} from "./overview.js";
import {format, type Rational} from "./rational.js";
import {type ReconciliationRow, type Resembles, reconcileServices} from "./reconciliation.js";
import {clearResemblance} from "./resemblance.js";

export type Cell = string | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

/**
 * Works the marts of a world out with plain exact arithmetic, slowly, and without any SQL: the second opinion that the
 * models are compared with. Rows have the marts' column names, those of free text left out; every number is text.
 */
export function calculate(world: World, resembles?: Resembles): Record<string, Row[]> {
  const given = readGiven(world);
  const lines = findBilledLines(given);
  const disposals = {seats: disposeSeats(given), counts: disposeCounts(given)};
  const rows = reconcileServices(given, lines, disposals, resembles ?? clearResemblance(given));
  const flags = findFlags(given, lines);
  const activities = disposals.seats.map((seat) => activityOf(given, seat));
  const inactive = findInactiveSeats(given, activities, rows);
  const overview: Overview = {given, lines, rows, disposals, flags, inactive};
  const clients = summariseClients(overview);
  return {
    reconciliation: rows.map(reconciliationRow),
    reconciliation_sources: rows.flatMap((row) =>
      (row.usage?.sources ?? []).map((source) => ({
        ...identityOf(row),
        rule_id: source.ruleId,
        connection_id: source.connectionId,
        account_id: source.accountId,
        product_id: source.productId,
        count_method: source.method,
        counted_quantity: format(source.counted, 4),
        last_synced_at: instant(currentSync(given, source.connectionId)?.freshAt ?? null),
      })),
    ),
    services_billed: rows.flatMap((row) => row.lines.map((line) => billedRow(row, line))),
    seats: activities.map(({seat: {unit, disposition, clientId, ruleId}, state, daysInactive}) => ({
      connection_id: unit.connectionId,
      account_id: unit.accountId,
      client_id: clientId,
      product_id: unit.productId,
      seat_id: unit.id,
      kind: unit.kind,
      identifier: unit.identifier,
      status: unit.status,
      created_at: instant(unit.createdAt),
      last_activity_at: instant(unit.lastActivityAt),
      disposition,
      rule_id: ruleId,
      activity_state: state,
      days_inactive: count(daysInactive),
      commitment_end: unit.commitmentEnd,
    })),
    inactive_seats: inactive.map(({seat: {unit, clientId, disposition}, ...row}) => ({
      client_id: clientId,
      connection_id: unit.connectionId,
      account_id: unit.accountId,
      product_id: unit.productId,
      seat_id: unit.id,
      disposition,
      activity_state: row.state,
      days_inactive: count(row.daysInactive),
      service_id: row.serviceId,
      monthly_value: amount(row.monthlyValue),
      currency: row.currency,
      commitment_end: unit.commitmentEnd,
    })),
    flagged_services: flags.map((flag) => ({
      flag_code: flag.code,
      severity: flag.severity,
      client_id: flag.clientId,
      service_id: flag.serviceId,
      invoice_id: flag.invoiceId,
      line_id: flag.lineId,
      agreement_id: flag.agreementId,
      amount_at_stake: amount(flag.amount),
      currency: placeOf(given, flag).currency,
      is_current: placeOf(given, flag).isCurrent,
    })),
    clients: clients.map((row) => ({
      client_id: row.client.id,
      client_name: row.client.name,
      status: row.client.status,
      currency: row.currency,
      seat_count: String(row.seatCount),
      service_count: String(row.serviceCount),
      ...totalsRow(row),
      reconciled_count: String(row.reconciled),
      uncompared_count: String(row.uncompared),
      flagged_count: String(row.flagged),
      inactive_count: String(row.inactive),
      billing_cycle: row.cycle,
      billing_timing: row.timing,
      period_start: row.periodStart,
      period_end: row.periodEnd,
      next_invoice_date: row.nextInvoiceDate,
      integration_ids: row.connectionIds.join(";") || null,
      worst_health: row.worstHealth,
    })),
    summary: summarise(overview, clients).map((row) => ({
      currency: row.currency,
      clients_total: String(row.clients),
      clients_reconciled: String(row.clientsReconciled),
      clients_discrepant: String(row.clientsDiscrepant),
      clients_uncompared: String(row.clientsUncompared),
      ...totalsRow(row),
      unlinked_accounts: String(row.unlinkedAccounts),
      unaccounted_seats: String(row.unaccountedSeats),
      unaccounted_products: String(row.unaccountedProducts),
    })),
    integrations: describeIntegrations(overview).map((row) => ({
      connection_id: row.connectionId,
      health: row.health,
      last_success_at: instant(row.lastSuccessAt),
      last_attempt_at: instant(row.lastAttemptAt),
      last_error: row.lastError,
      reports_activity: row.reportsActivity,
      accounts_total: count(row.accountsTotal),
      accounts_linked: count(row.accountsLinked),
      accounts_excluded: count(row.accountsExcluded),
      seats_total: count(row.seatsTotal),
      seats_deleted: count(row.seatsDeleted),
      seats_unaccounted: count(row.seatsUnaccounted),
    })),
    accounts: describeAccounts(overview).map((row) => ({
      connection_id: row.connectionId,
      account_id: row.accountId,
      link_status: row.linkStatus,
      client_id: row.clientId,
      seat_count: count(row.seats),
    })),
    client_integrations: describeClientIntegrations(overview).map((row) => ({
      client_id: row.clientId,
      connection_id: row.connectionId,
      accounts_linked: count(row.accountsLinked),
      seats_total: count(row.seats),
      seats_deleted: count(row.deleted),
      seats_counted: count(row.counted),
      seats_filtered: count(row.filtered),
      seats_excluded: count(row.excluded),
      seats_unaccounted: count(row.unaccounted),
    })),
    mapping_work: findMappingWork(overview).map((row) => ({
      kind: row.kind,
      connection_id: row.connectionId,
      account_id: row.accountId,
      product_id: row.productId,
      name: row.name,
      seat_count: row.seatCount === null ? null : format(row.seatCount, 4),
      client_count: row.clientCount === null ? null : String(row.clientCount),
      suggested_service_id: row.suggestedServiceId,
    })),
    ...marginMarts(given, findMargin(given, disposals, rows)),
  };
}

/** What a row of reconciliation is about; unlike reconciliation_id it needs no agreement on how ids are made. */
function identityOf(row: ReconciliationRow): Row {
  return {
    row_client_id: row.clientId,
    row_service_id: row.serviceId,
    row_product_id: row.productId,
    row_currency: row.currency,
  };
}

function reconciliationRow(row: ReconciliationRow): Row {
  return {
    client_id: row.clientId,
    service_id: row.serviceId,
    connection_ids: row.connectionIds.join(";") || null,
    product_id: row.productId,
    currency: row.currency,
    billing_cycle: row.cycle,
    period_start: row.periodStart,
    period_end: row.periodEnd,
    invoiced_quantity: format(row.invoiced, 4),
    billed_basis: basisOf(row.lines),
    included_quantity: format(row.included, 4),
    system_count: quantity(row.systemCount),
    count_state: row.countState,
    expected_quantity: quantity(row.expected),
    delta_quantity: quantity(row.delta),
    unit_rate: row.rate === null ? null : format(row.rate.unitRate, 6),
    rate_basis: row.rate?.basis ?? "none",
    is_rate_estimated: row.rate !== null && !["invoice_line", "agreement_line"].includes(row.rate.basis),
    impact_amount: amount(row.impactAmount),
    impact_monthly: amount(row.impactMonthly),
    status: row.status,
    discrepancy_type: row.type,
    likely_cause: row.cause,
  };
}

function basisOf(lines: readonly BilledLine[]): string | null {
  const bases = [...new Set(lines.map(({basis}) => basis))];
  return bases.length > 1 ? "mixed" : (bases[0] ?? null);
}

function billedRow(row: ReconciliationRow, line: BilledLine): Row {
  return {
    line_id: line.lineId,
    client_id: line.clientId,
    service_id: line.serviceId,
    agreement_id: line.agreementId,
    agreement_line_id: line.agreementLineId,
    invoice_id: line.invoice?.id ?? null,
    quantity: format(line.quantity, 4),
    net_quantity: format(line.netQuantity, 4),
    unit_price: line.unitPrice === null ? null : format(line.unitPrice, 6),
    amount: amount(line.amount),
    monthly_amount: amount(line.monthlyAmount),
    currency: line.currency,
    is_credit: line.isCredit,
    basis: line.basis,
    billing_cycle: line.cycle,
    period_start: line.period.start,
    period_end: line.period.end,
    is_compared: row.status === "reconciled" || row.status === "discrepancy",
  };
}

interface MoneyTotals {
  readonly discrepancies: number;
  readonly underbilled: Rational;
  readonly overbilled: Rational;
  readonly net: Rational;
  readonly absolute: Rational;
  readonly unpriced: number;
  readonly open: Found;
  readonly decided: Found;
  readonly coverageLines: Rational | null;
  readonly coverageAmount: Rational | null;
}

function totalsRow(totals: MoneyTotals): Row {
  return {
    discrepancy_count: String(totals.discrepancies),
    underbilled_monthly: amount(totals.underbilled),
    overbilled_monthly: amount(totals.overbilled),
    net_monthly: amount(totals.net),
    absolute_monthly: amount(totals.absolute),
    unpriced_count: String(totals.unpriced),
    open_count: String(totals.open.count),
    open_underbilled_monthly: amount(totals.open.underbilled),
    open_overbilled_monthly: amount(totals.open.overbilled),
    decided_count: String(totals.decided.count),
    decided_underbilled_monthly: amount(totals.decided.underbilled),
    decided_overbilled_monthly: amount(totals.decided.overbilled),
    coverage_lines: totals.coverageLines === null ? null : format(totals.coverageLines, 6),
    coverage_amount: totals.coverageAmount === null ? null : format(totals.coverageAmount, 6),
  };
}

function amount(value: Rational | null): string | null {
  return value === null ? null : format(value, 2);
}

function quantity(value: Rational | null): string | null {
  return value === null ? null : format(value, 4);
}

function count(value: number | null): string | null {
  return value === null ? null : String(value);
}

function instant(value: string | null): string | null {
  return value === null ? null : new Date(value).toISOString();
}
