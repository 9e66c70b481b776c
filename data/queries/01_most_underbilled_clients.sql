-- Who is underbilled most
-- Clients by the money to recover each month, with what is overbilled beside it.
-- @returns client_name, currency, underbilled_monthly, overbilled_monthly, discrepancy_count, unpriced_count
select client_name, currency, underbilled_monthly, overbilled_monthly, discrepancy_count, unpriced_count
from clients
where discrepancy_count > 0
order by currency, underbilled_monthly desc, overbilled_monthly desc, client_name
