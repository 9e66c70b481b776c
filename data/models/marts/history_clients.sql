-- Each client month by month. Empty while no period is closed.
--
-- @key client_id, period, currency
-- @column period VARCHAR The month, as 2026-10.
-- @column client_id VARCHAR The PSA's id of the client.
-- @column client_name VARCHAR Its name in that month.
-- @column currency VARCHAR ISO 4217.
-- @column discrepancy_count BIGINT Discrepancies.
-- @column underbilled_monthly DECIMAL(18,2) Revenue to recover per month.
-- @column overbilled_monthly DECIMAL(18,2) Credit risk per month, as a positive amount.
-- @column net_monthly DECIMAL(18,2) underbilled_monthly less overbilled_monthly.
-- @column coverage_amount DECIMAL(18,6) Share of the monthly amount of live billed lines that was compared; null where that comes to 0.
with

present as (
  select period from reconciled_periods where not is_closed
),

final as (
  select
    period, client_id, client_name, currency, discrepancy_count, underbilled_monthly, overbilled_monthly, net_monthly,
    coverage_amount
  from snapshot_clients
  union all
  select
    present.period, client_id, client_name, currency, discrepancy_count, underbilled_monthly, overbilled_monthly, net_monthly,
    coverage_amount
  from clients
  cross join present
)

select * from final
