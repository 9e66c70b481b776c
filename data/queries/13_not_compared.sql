-- Billed but not compared
-- What is invoiced every month without anybody checking it against use, by service.
-- @returns service_name, currency, lines, clients, monthly_amount
select coalesce(service_name, 'no service') as service_name, currency, count(*) as lines,
  count(distinct client_id) as clients, sum(monthly_amount) as monthly_amount
from services_billed
where not is_compared
group by coalesce(service_name, 'no service'), currency
order by currency, monthly_amount desc nulls last, 1
