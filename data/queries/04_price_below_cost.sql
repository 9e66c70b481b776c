-- Billed below cost
-- Live lines whose price per month is lower than the service's cost, and what that loses each month.
-- @returns client_name, service_name, unit_price, billing_cycle, unit_cost, net_quantity, loss_monthly, currency
with
lines as (
  select services_billed.*, services.unit_cost,
    case services_billed.billing_cycle when 'annual' then 12 when 'semiannual' then 6 when 'quarterly' then 3 else 1 end as months
  from services_billed
  inner join services on services_billed.service_id = services.service_id
  where services_billed.unit_price is not null and not services_billed.is_credit
)
select names.client_name, lines.service_name, lines.unit_price, lines.billing_cycle, lines.unit_cost, lines.net_quantity,
  cast(lines.net_quantity * lines.unit_cost as decimal(18, 2)) - lines.monthly_amount as loss_monthly, lines.currency
from lines
left join (select distinct client_id, client_name from clients) as names on lines.client_id = names.client_id
where lines.unit_price < lines.unit_cost * lines.months
order by loss_monthly desc, names.client_name
