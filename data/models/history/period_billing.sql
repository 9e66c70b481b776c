-- What was billed per month in every period, by row of its reconciliation: all of it, and what of it was compared.
with

present as (
  select period from reconciled_periods where not is_closed
),

lines as (
  select period, reconciliation_id, currency, monthly_amount, is_compared
  from snapshot_services_billed
  union all
  select present.period, reconciliation_id, currency, monthly_amount, is_compared
  from row_lines
  cross join present
),

final as (
  select
    period,
    reconciliation_id,
    currency,
    sum(coalesce(monthly_amount, 0)) as billed_monthly,
    sum(case when is_compared then coalesce(monthly_amount, 0) else 0 end) as compared_monthly
  from lines
  group by period, reconciliation_id, currency
)

select * from final
