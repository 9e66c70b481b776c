-- Each service month by month. Usage that no rule covers is of no service and not in it, so that its sums are not those of
-- history. Empty while no period is closed.
--
-- @key service_id, period, currency
-- @column period VARCHAR The month, as 2026-10.
-- @column service_id VARCHAR The PSA's id of the service; null for billed lines without one.
-- @column service_name VARCHAR Its name.
-- @column currency VARCHAR ISO 4217.
-- @column discrepancy_count BIGINT Discrepancies.
-- @column underbilled_monthly DECIMAL(18,2) Revenue to recover per month.
-- @column overbilled_monthly DECIMAL(18,2) Credit risk per month, as a positive amount.
-- @column net_monthly DECIMAL(18,2) underbilled_monthly less overbilled_monthly.
-- @column billed_monthly DECIMAL(18,2) Monthly amount of its live billed lines.
-- @column coverage_amount DECIMAL(18,6) Share of it that was compared; null where it comes to 0.
with

totals as (
  select
    rows.period,
    rows.service_id,
    max(rows.service_name) as service_name,
    rows.currency,
    count(case when rows.status = 'discrepancy' then 1 end) as discrepancy_count,
    sum(case when rows.status = 'discrepancy' and rows.impact_monthly > 0 then rows.impact_monthly else 0 end) as underbilled_monthly,
    sum(case when rows.status = 'discrepancy' and rows.impact_monthly < 0 then -rows.impact_monthly else 0 end) as overbilled_monthly,
    sum(coalesce(billing.billed_monthly, 0)) as billed_monthly,
    sum(coalesce(billing.compared_monthly, 0)) as compared_monthly
  from period_rows as rows
  left join period_billing as billing
    on rows.period = billing.period
    and rows.reconciliation_id = billing.reconciliation_id
    and rows.currency = billing.currency
  where rows.product_id is null
  group by rows.period, rows.service_id, rows.currency
),

final as (
  select
    period,
    service_id,
    service_name,
    currency,
    discrepancy_count,
    cast(underbilled_monthly as decimal(18, 2)) as underbilled_monthly,
    cast(overbilled_monthly as decimal(18, 2)) as overbilled_monthly,
    cast(underbilled_monthly - overbilled_monthly as decimal(18, 2)) as net_monthly,
    cast(billed_monthly as decimal(18, 2)) as billed_monthly,
    share_of(amount_units(compared_monthly), amount_units(billed_monthly)) as coverage_amount
  from totals
)

select * from final
