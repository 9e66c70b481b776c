-- Margin per client
-- What is billed each month less what it costs, as on the page Margin; revenue whose cost is not known stands apart.
-- @returns client_name, currency, revenue_monthly, cost_monthly, margin_monthly, uncosted_revenue_monthly
select client_name, currency, revenue_monthly, cost_monthly, margin_monthly, uncosted_revenue_monthly
from margin_clients
order by currency, margin_monthly nulls last, client_name
