/** What the page of billing reads, as tables of SQL over the marts: reconciled invoices at once, the flags when they are opened. */

export const billing = {
  integrations: {
    sql: "select connection_id, kind, health, health_reason from integrations",
    order: "connection_id",
  },
  totals: {
    sql: `select (select count(*) from flagged_services) as flags, (select count(*) from inactive_seats) as inactive_seats`,
    order: "1",
  },
  clients: {
    sql: `select clients.client_id, slug, client_name, currency, service_count, flagged_count, billing_cycle,
        period_start, period_end, next_invoice_date, coverage_amount, worst_health
      from clients inner join pages on clients.client_id = pages.client_id`,
    order: "client_id, currency",
  },
  rows: {
    sql: `select client_id, currency, service_id, coalesce(service_name, product_name) as label,
        case when service_id is null and product_id is not null then connection_ids || ':' || product_id end as product,
        connection_ids, status, discrepancy_type, sign(coalesce(nullif(impact_monthly, 0), delta_quantity)) as direction,
        impact_monthly,
        billed_basis is not null as is_billed
      from reconciliation`,
    order: "client_id, currency, service_id, product",
  },
  flags: {
    sql: `select client_id, service_id, count(*) as flags from flagged_services
      where service_id is not null group by client_id, service_id`,
    order: "client_id, service_id",
  },
  seats: {
    sql: "select client_id, connection_id, seats_counted + seats_unaccounted as seats from client_integrations",
    order: "client_id, connection_id",
  },
};

export const flagged = {
  flags: {
    sql: `select flags.client_id, slug, client_name, flag_code, severity, service_id, service_name, invoice_id, invoice_number, line_id, agreement_id,
        message, evidence, amount_at_stake, currency, is_current, flag_id
      from flagged_services as flags left join pages on flags.client_id = pages.client_id`,
    // Within a severity: what is billed now first, then by what is at stake, the flags of a client together.
    order: `is_current desc, amount_at_stake desc nulls last, client_name, flag_code,
      length(invoice_number) desc nulls last, invoice_number desc, flag_id`,
  },
};
