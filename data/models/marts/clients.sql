-- One row per client that has a live agreement, an invoice or a linked account, and per currency (nearly always one).
-- Money is per month and belongs to the row's currency; seat_count, flagged_count and inactive_count are the client's
-- and stand in each of its rows.
--
-- @key client_id, currency
-- @column client_id VARCHAR The PSA's id of the client.
-- @column client_name VARCHAR The client's name in the PSA.
-- @column status VARCHAR active or inactive.
-- @column currency VARCHAR ISO 4217 code of all money in the row.
-- @column seat_count BIGINT Seats counted or unaccounted.
-- @column service_count BIGINT Distinct services on live billed lines.
-- @column discrepancy_count BIGINT Rows of status discrepancy.
-- @column underbilled_monthly DECIMAL(18,2) Sum of the discrepancies where more is used than billed: revenue to recover.
-- @column overbilled_monthly DECIMAL(18,2) Sum of the discrepancies where more is billed than used, as a positive amount: credit risk.
-- @column net_monthly DECIMAL(18,2) underbilled_monthly less overbilled_monthly.
-- @column absolute_monthly DECIMAL(18,2) underbilled_monthly plus overbilled_monthly: what rankings use.
-- @column unpriced_count BIGINT Discrepancies without a price, and so without money.
-- @column reconciled_count BIGINT Rows compared without a difference.
-- @column uncompared_count BIGINT Rows not compared: of status no_data or not_reconciled.
-- @column flagged_count BIGINT Flags of the client.
-- @column inactive_count BIGINT Inactive and never-active seats of the client.
-- @column billing_cycle VARCHAR Of its live lines, else of its live agreements; mixed where they differ; null without either.
-- @column billing_timing VARCHAR advance, arrears or mixed, of its live agreements; null without one.
-- @column period_start DATE First day of the earliest current period of its live lines; null without lines.
-- @column period_end DATE First day after the latest one.
-- @column next_invoice_date DATE Earliest end of a current period over its live agreements; null without one.
-- @column coverage_lines DECIMAL(18,6) Share of its live billed lines that was compared; null without lines.
-- @column coverage_amount DECIMAL(18,6) The same share of their monthly amount; null where that comes to 0. Credits can bring it above 1 or below 0.
-- @column integration_ids VARCHAR Connections in which it has a linked account, separated by semicolons; null without one.
-- @column worst_health VARCHAR red, yellow or green: the worst of those connections and the PSA.
-- @column open_count BIGINT Discrepancies on the work list: no decision about them is in force.
-- @column open_underbilled_monthly DECIMAL(18,2) What of underbilled_monthly is on the work list.
-- @column open_overbilled_monthly DECIMAL(18,2) What of overbilled_monthly is on the work list.
-- @column decided_count BIGINT Discrepancies with a decision in force.
-- @column decided_underbilled_monthly DECIMAL(18,2) What of underbilled_monthly is decided.
-- @column decided_overbilled_monthly DECIMAL(18,2) What of overbilled_monthly is decided.
with

present as (
  select agreements.client_id
  from stg_agreements as agreements
  cross join settings
  where
    agreements.status = 'active'
    and agreements.start_date <= settings.as_of_date
    and (agreements.end_date is null or settings.as_of_date < agreements.end_date)
  union
  select client_id from stg_invoices
  union
  select client_id from client_connections
),

rows_with_decisions as (
  select
    rows.client_id,
    rows.currency,
    rows.status,
    rows.impact_monthly,
    case when rows.status = 'discrepancy' then coalesce(decisions.state = 'in_force', false) end as is_decided
  from row_amounts as rows
  left join row_decisions as decisions on rows.reconciliation_id = decisions.reconciliation_id
),

row_totals as (
  select
    client_id,
    currency,
    count(case when status = 'discrepancy' then 1 end) as discrepancy_count,
    count(case when status = 'discrepancy' and impact_monthly is null then 1 end) as unpriced_count,
    count(case when status = 'reconciled' then 1 end) as reconciled_count,
    count(case when status in ('not_reconciled', 'no_data') then 1 end) as uncompared_count,
    sum(case when impact_monthly > 0 then impact_monthly else 0 end) as underbilled_monthly,
    sum(case when impact_monthly < 0 then -impact_monthly else 0 end) as overbilled_monthly,
    count(case when is_decided then 1 end) as decided_count,
    sum(case when is_decided and impact_monthly > 0 then impact_monthly else 0 end) as decided_underbilled_monthly,
    sum(case when is_decided and impact_monthly < 0 then -impact_monthly else 0 end) as decided_overbilled_monthly
  from rows_with_decisions
  group by client_id, currency
),

-- A client with rows in no currency at all still has one row, in its usual currency.
client_currencies as (
  select client_id, currency from row_totals
  union
  select present.client_id, usual.currency
  from present
  inner join usual_currencies as usual on present.client_id = usual.client_id
  left join row_totals on present.client_id = row_totals.client_id
  where row_totals.client_id is null
),

lines as (
  select
    client_id,
    currency,
    count(distinct service_id) as service_count,
    count(distinct billing_cycle) as cycles,
    min(billing_cycle) as billing_cycle,
    min(period_start) as period_start,
    max(period_end) as period_end,
    count(*) as line_count,
    count(case when is_compared then 1 end) as compared_lines,
    sum(amount_units(monthly_amount)) as amount_units,
    sum(case when is_compared then amount_units(monthly_amount) else 0 end) as compared_amount_units
  from services_billed
  group by client_id, currency
),

agreements as (
  select
    client_id,
    count(distinct billing_cycle) as cycles,
    min(billing_cycle) as billing_cycle,
    count(distinct billing_timing) as timings,
    min(billing_timing) as billing_timing,
    min(period_end) as next_invoice_date
  from agreement_periods
  group by client_id
),

seats_by_client as (
  select client_id, sum(seat_count) as seat_count
  from seat_groups
  where disposition in ('counted', 'unaccounted')
  group by client_id
),

flags_by_client as (
  select client_id, count(*) as flagged_count from flagged_services group by client_id
),

ranked as (
  select connection_id, side, case health when 'red' then 2 when 'yellow' then 1 else 0 end as severity
  from connection_health
),

connections_by_client as (
  select linked.client_id, joined(linked.connection_id, ';') as integration_ids, max(ranked.severity) as worst
  from client_connections as linked
  inner join ranked on linked.connection_id = ranked.connection_id
  group by linked.client_id
),

psa as (
  select max(severity) as worst from ranked where side = 'psa'
),

final as (
  select
    client_currencies.client_id,
    clients.client_name,
    clients.status,
    client_currencies.currency,
    cast(coalesce(seats_by_client.seat_count, 0) as bigint) as seat_count,
    coalesce(lines.service_count, 0) as service_count,
    coalesce(row_totals.discrepancy_count, 0) as discrepancy_count,
    cast(coalesce(row_totals.underbilled_monthly, 0) as decimal(18, 2)) as underbilled_monthly,
    cast(coalesce(row_totals.overbilled_monthly, 0) as decimal(18, 2)) as overbilled_monthly,
    cast(coalesce(row_totals.underbilled_monthly - row_totals.overbilled_monthly, 0) as decimal(18, 2)) as net_monthly,
    cast(coalesce(row_totals.underbilled_monthly + row_totals.overbilled_monthly, 0) as decimal(18, 2)) as absolute_monthly,
    coalesce(row_totals.unpriced_count, 0) as unpriced_count,
    coalesce(row_totals.reconciled_count, 0) as reconciled_count,
    coalesce(row_totals.uncompared_count, 0) as uncompared_count,
    coalesce(flags_by_client.flagged_count, 0) as flagged_count,
    coalesce(inactive.seat_count, 0) as inactive_count,
    case
      when lines.cycles > 1 then 'mixed'
      when lines.cycles = 1 then lines.billing_cycle
      when agreements.cycles > 1 then 'mixed'
      else agreements.billing_cycle
    end as billing_cycle,
    case when agreements.timings > 1 then 'mixed' else agreements.billing_timing end as billing_timing,
    lines.period_start,
    lines.period_end,
    agreements.next_invoice_date,
    share_of(lines.compared_lines, lines.line_count) as coverage_lines,
    share_of(lines.compared_amount_units, lines.amount_units) as coverage_amount,
    connections_by_client.integration_ids,
    case greatest(coalesce(connections_by_client.worst, 0), coalesce(psa.worst, 0))
      when 2 then 'red'
      when 1 then 'yellow'
      else 'green'
    end as worst_health,
    coalesce(row_totals.discrepancy_count - row_totals.decided_count, 0) as open_count,
    cast(
      coalesce(row_totals.underbilled_monthly - row_totals.decided_underbilled_monthly, 0) as decimal(18, 2)
    ) as open_underbilled_monthly,
    cast(
      coalesce(row_totals.overbilled_monthly - row_totals.decided_overbilled_monthly, 0) as decimal(18, 2)
    ) as open_overbilled_monthly,
    coalesce(row_totals.decided_count, 0) as decided_count,
    cast(coalesce(row_totals.decided_underbilled_monthly, 0) as decimal(18, 2)) as decided_underbilled_monthly,
    cast(coalesce(row_totals.decided_overbilled_monthly, 0) as decimal(18, 2)) as decided_overbilled_monthly
  from client_currencies
  cross join psa
  inner join stg_clients as clients on client_currencies.client_id = clients.client_id
  left join row_totals
    on client_currencies.client_id = row_totals.client_id and client_currencies.currency = row_totals.currency
  left join lines
    on client_currencies.client_id = lines.client_id and client_currencies.currency = lines.currency
  left join agreements on client_currencies.client_id = agreements.client_id
  left join seats_by_client on client_currencies.client_id = seats_by_client.client_id
  left join flags_by_client on client_currencies.client_id = flags_by_client.client_id
  left join unused_seat_counts as inactive on client_currencies.client_id = inactive.client_id
  left join connections_by_client on client_currencies.client_id = connections_by_client.client_id
)

select * from final
