-- Margin rows hold all revenue of live billed lines, and with the rows' margins add up to the summary, currency by
-- currency; no licence's shares among its services lose or gain a cent.
with

billed as (
  select currency, sum(coalesce(monthly_amount, 0)) as revenue
  from services_billed
  group by currency
),

rows_known as (
  select currency, sum(coalesce(revenue_monthly, 0)) as revenue, sum(margin_monthly) as margin
  from margin
  group by currency
),

shares as (
  select client_id, connection_id, product_id, sum(cost_units) as cost_units
  from licence_cost_shares
  group by client_id, connection_id, product_id
)

select 'revenue of margin rows' as problem, billed.currency as id
from billed
left join rows_known on billed.currency = rows_known.currency
where billed.revenue is distinct from rows_known.revenue
union all
select 'summary of margin', rows_known.currency
from rows_known
left join margin_summary as summary on rows_known.currency = summary.currency
where rows_known.margin is distinct from summary.margin_monthly or rows_known.revenue is distinct from summary.revenue_monthly
union all
select 'shares of a licence', shares.client_id || ' ' || shares.connection_id || ' ' || shares.product_id
from shares
inner join licence_costs as costs
  on shares.client_id = costs.client_id
  and shares.connection_id = costs.connection_id
  and shares.product_id = costs.product_id
where shares.cost_units is distinct from amount_units(costs.cost_monthly)
