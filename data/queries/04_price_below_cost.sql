-- Billed below cost
-- Services of clients that cost more than is billed for them, and what that loses each month.
-- @returns client_name, service_name, invoiced_quantity, revenue_monthly, cost_monthly, cost_basis, loss_monthly, currency
select client_name, service_name, invoiced_quantity, revenue_monthly, cost_monthly, cost_basis,
  -margin_monthly as loss_monthly, currency
from margin
where margin_state = 'below_cost'
order by currency, loss_monthly desc, client_name, service_name
