import {unpricedSides} from "../../marts/summaryTotals.js";
import {restOfPeriods} from "./restOfPeriods.js";

/** A table of a client's page. */
export interface Part {
  readonly name: string;
  /** Every row has a `client_id`. */
  readonly sql: string;
  readonly order: string;
}

/** What one client page shows, besides seats. */
export const clientParts: readonly Part[] = [
  {
    name: "currencies",
    sql: `select client_id, client_name, status, currency, seat_count, service_count, discrepancy_count, underbilled_monthly,
        overbilled_monthly, net_monthly, unpriced_count, flagged_count, inactive_count, billing_cycle,
        billing_timing, period_start, period_end, next_invoice_date, coverage_lines, coverage_amount
      from clients`,
    order: "service_count desc, discrepancy_count desc, currency",
  },
  {
    name: "rows",
    sql: `select client_id, reconciliation_id, service_id, service_name, connection_ids, product_id, product_name, currency,
        billing_cycle, period_start, period_end, invoiced_quantity, billed_basis, included_quantity, system_count, count_state,
        expected_quantity, delta_quantity, unit_rate, rate_basis, impact_amount, impact_monthly, status, discrepancy_type,
        likely_cause, cause_evidence
      from reconciliation`,
    order: `case status when 'discrepancy' then 0 when 'no_data' then 1 when 'not_reconciled' then 2 else 3 end,
      abs(impact_monthly) desc nulls last, service_name nulls last, reconciliation_id`,
  },
  {
    name: "sources",
    sql: `select rows.client_id, sources.reconciliation_id, sources.rule_id, sources.connection_id, sources.account_id,
        accounts.account_name, sources.product_id, products.product_name, sources.count_method, sources.raw_count,
        sources.counted_quantity, sources.last_synced_at
      from reconciliation_sources as sources
      inner join reconciliation as rows on sources.reconciliation_id = rows.reconciliation_id
      left join accounts
        on sources.connection_id = accounts.connection_id and sources.account_id = accounts.account_id
      left join products
        on sources.connection_id = products.connection_id and sources.product_id = products.product_id`,
    order: "reconciliation_id, rule_id, connection_id, account_id, product_id",
  },
  {
    name: "rules",
    sql: `select billed.client_id, rules.rule_id, rules.service_id, rules.connection_id, rules.product_ids, rules.kinds,
        rules.statuses, rules.count_method, rules.multiplier, rules.minimum, rules.maximum,
        rules.client_id is not null as is_specific, rules.note, reported.connection_id is not null as is_reported
      from (select distinct client_id, service_id from reconciliation where service_id is not null) as billed
      inner join service_rules as rules
        on billed.service_id = rules.service_id and (rules.client_id is null or rules.client_id = billed.client_id)
      left join (
        select connection_id, unnest(['seats', 'identities']) as count_method from seat_groups
        union
        select connection_id, count_method from reconciliation_sources
      ) as reported
        on rules.connection_id = reported.connection_id and rules.count_method = reported.count_method
      where rules.is_in_force
        and (
          rules.client_id is not null
          or not exists (
            select 1 from service_rules as own
            where own.is_in_force and own.client_id = billed.client_id and own.service_id = rules.service_id
              and own.connection_id = rules.connection_id
          )
        )`,
    order: "service_id, rule_id",
  },
  {
    name: "groups",
    sql: `select seats.client_id, seats.connection_id, seats.product_id, min(products.product_name) as product_name, seats.kind,
        seats.status, seats.disposition, seats.disposition_reason, sum(seats.seat_count) as seat_count
      from seat_groups as seats
      left join products on seats.connection_id = products.connection_id and seats.product_id = products.product_id
      where seats.client_id is not null and seats.disposition <> 'counted'
      group by seats.client_id, seats.connection_id, seats.product_id, seats.kind, seats.status, seats.disposition,
        seats.disposition_reason`,
    order: "connection_id, product_id, disposition, kind, status, disposition_reason",
  },
  {
    name: "lines",
    sql: `select client_id, line_id, reconciliation_id, service_name, agreement_id, agreement_name, invoice_number, invoice_date,
        description, quantity, net_quantity, unit_price, amount, currency, is_credit, basis, billing_cycle, period_start,
        period_end, is_compared
      from services_billed`,
    order: "service_name nulls last, invoice_date, line_id",
  },
  {
    name: "work",
    sql: `select work.*, prorated_amount, days_left, days_in_period, period_end, due_amount, was_due_elsewhere
      from work_list as work left join (${restOfPeriods}) as rest on work.reconciliation_id = rest.reconciliation_id`,
    order: "abs(impact_monthly) desc nulls last, reconciliation_id",
  },
  {
    name: "adjustments",
    sql: "select * from adjustments",
    order: "service_name nulls last, reconciliation_id, agreement_line_id nulls last, adjustment_id",
  },
  {
    name: "counted",
    sql: `select counted.* from counted_groups as counted
      inner join (select distinct reconciliation_id from adjustments) as changed
        on counted.reconciliation_id = changed.reconciliation_id`,
    order: "reconciliation_id, connection_id, account_id, product_id, kind, status",
  },
  {
    name: "flags",
    sql: `select client_id, flag_code, severity, service_name, invoice_number, line_id, message, evidence, amount_at_stake,
        currency, is_current, flag_id
      from flagged_services`,
    // The newest first: what is billed now, then 10 before 9.
    order: `case severity when 'error' then 0 when 'warning' then 1 else 2 end, is_current desc, flag_code,
      length(invoice_number) desc nulls last, invoice_number desc, flag_id`,
  },
  {
    name: "integrations",
    sql: `select linked.*, integrations.health_reason, integrations.last_attempt_at
      from client_integrations as linked inner join integrations on linked.connection_id = integrations.connection_id`,
    order: "connection_id",
  },
  {
    name: "accounts",
    sql: `select client_id, connection_id, account_id, account_name, domain, note
      from accounts where link_status = 'confirmed'`,
    order: "connection_id, account_name, account_id",
  },
  {
    name: "months",
    sql: `select client_id, period, currency, discrepancy_count, underbilled_monthly, overbilled_monthly, net_monthly,
        coverage_amount, period in (select period from history where is_closed) as is_closed,
        coalesce(unpriced_under, 0) as unpriced_under, coalesce(unpriced_over, 0) as unpriced_over
      from history_clients left join (
        select client_id, period, currency, ${unpricedSides()}
        from history_discrepancies
        where impact_monthly is null
        group by client_id, period, currency
      ) as unpriced using (client_id, period, currency)`,
    order: "currency, period",
  },
  {
    name: "changes",
    sql: `select client_id, coalesce(service_name, product_name) as label, currency, change_kind, evidence, months_open,
        first_period, previous_impact_monthly, impact_monthly
      from history_changes
      where period = (select max(period) from history_changes)`,
    order: `abs(coalesce(impact_monthly, previous_impact_monthly)) desc nulls last, label, currency, change_kind, evidence,
      first_period, impact_monthly, previous_impact_monthly`,
  },
];
