-- Margin per client
-- What is billed each month less what it costs, over the lines whose service has a cost.
-- @returns client_name, currency, billed_monthly, cost_monthly, margin_monthly, lines
with
lines as (
  select billed.client_id, billed.currency, billed.monthly_amount,
    cast(billed.net_quantity * services.unit_cost as decimal(18, 2)) as cost
  from services_billed as billed
  inner join services on billed.service_id = services.service_id
  where services.unit_cost is not null and billed.monthly_amount is not null
)
select names.client_name, lines.currency, sum(lines.monthly_amount) as billed_monthly, sum(lines.cost) as cost_monthly,
  sum(lines.monthly_amount) - sum(lines.cost) as margin_monthly, count(*) as lines
from lines
left join (select distinct client_id, client_name from clients) as names on lines.client_id = names.client_id
group by names.client_name, lines.currency
order by margin_monthly, names.client_name
