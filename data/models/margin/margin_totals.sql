-- Margin per client and currency. Revenue without a known cost stands apart and is no part of the margin, nor is the cost
-- of what is billed for an unknown amount.
with

rows_known as (
  select *, margin_state in ('covered', 'below_cost', 'not_billed') as is_known
  from margin_rows
),

licence_totals as (
  select
    client_id,
    currency,
    sum(unassigned_monthly) as unassigned_monthly,
    sum(unbilled_monthly) as unbilled_monthly
  from licences
  group by client_id, currency
),

row_totals as (
  select
    client_id,
    currency,
    sum(coalesce(revenue_monthly, 0)) as revenue_monthly,
    sum(case when is_known then revenue_monthly end) as costed_revenue_monthly,
    sum(case when is_known then cost_monthly end) as cost_monthly,
    sum(case when margin_state = 'cost_unknown' then revenue_monthly else 0 end) as uncosted_revenue_monthly,
    sum(case when margin_state = 'not_billed' then cost_monthly else 0 end) as not_billed_monthly,
    count(case when margin_state = 'below_cost' then 1 end) as below_cost_count,
    sum(case when margin_state = 'below_cost' then cost_monthly - revenue_monthly else 0 end) as below_cost_monthly
  from rows_known
  group by client_id, currency
),

final as (
  select row_totals.*, licence_totals.unassigned_monthly, licence_totals.unbilled_monthly
  from row_totals
  left join licence_totals
    on row_totals.client_id = licence_totals.client_id and row_totals.currency = licence_totals.currency
)

select * from final
