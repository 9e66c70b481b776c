-- Flags by money at stake
-- What a bookkeeper should look at first on current invoices.
-- @returns severity, flag_code, client_name, invoice_number, message, evidence, amount_at_stake, currency
select severity, flag_code, client_name, invoice_number, message, evidence, amount_at_stake, currency
from flagged_services
where is_current
order by currency, abs(amount_at_stake) desc nulls last, case severity when 'error' then 0 when 'warning' then 1 else 2 end, flag_id
