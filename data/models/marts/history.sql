-- What was found month by month: closed periods as they were frozen, and the present month after them unless it is closed
-- too. Empty while no period is closed.
--
-- @key period, currency
-- @column period VARCHAR The month, as 2026-10.
-- @column currency VARCHAR ISO 4217.
-- @column is_closed BOOLEAN Whether the period is closed; the present month may still change.
-- @column as_of TIMESTAMPTZ The instant that the month's figures hold for.
-- @column previous_period VARCHAR The closed period before it, which changes are measured against; null for the first.
-- @column clients_reconciled BIGINT Clients without a discrepancy of which something was compared.
-- @column clients_discrepant BIGINT Clients with at least one discrepancy.
-- @column discrepancy_count BIGINT Discrepancies.
-- @column unpriced_count BIGINT Those without a price.
-- @column underbilled_monthly DECIMAL(18,2) Revenue to recover per month. What the months of one currency add up to was not billed in them, the present month whole; one that is not closed is not in it.
-- @column overbilled_monthly DECIMAL(18,2) Credit risk per month, as a positive amount.
-- @column net_monthly DECIMAL(18,2) underbilled_monthly less overbilled_monthly.
-- @column coverage_lines DECIMAL(18,6) Share of live billed lines that was compared; null without lines.
-- @column coverage_amount DECIMAL(18,6) The same share of their monthly amount; null where that comes to 0. Credits can bring it above 1 or below 0.
with

present as (
  select period from reconciled_periods where not is_closed
),

totals as (
  select
    period, currency, clients_reconciled, clients_discrepant, discrepancy_count, unpriced_count, underbilled_monthly,
    overbilled_monthly, net_monthly, coverage_lines, coverage_amount
  from snapshot_summary
  union all
  select
    present.period, currency, clients_reconciled, clients_discrepant, discrepancy_count, unpriced_count, underbilled_monthly,
    overbilled_monthly, net_monthly, coverage_lines, coverage_amount
  from summary
  cross join present
),

final as (
  select
    totals.period,
    totals.currency,
    periods.is_closed,
    periods.as_of,
    periods.previous_period,
    totals.clients_reconciled,
    totals.clients_discrepant,
    totals.discrepancy_count,
    totals.unpriced_count,
    totals.underbilled_monthly,
    totals.overbilled_monthly,
    totals.net_monthly,
    totals.coverage_lines,
    totals.coverage_amount
  from totals
  inner join reconciled_periods as periods on totals.period = periods.period
)

select * from final
