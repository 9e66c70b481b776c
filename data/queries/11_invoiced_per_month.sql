-- Invoiced per month
-- Posted, sent and paid invoices by month and currency. Good as a line.
-- @returns month, currency, invoices, clients, total
select cast(date_trunc('month', invoice_date) as date) as month, coalesce(currency, 'none given') as currency,
  count(*) as invoices, count(distinct client_id) as clients, sum(total) as total
from lake_invoices
where coalesce(status, 'posted') in ('posted', 'sent', 'paid')
group by 1, 2
order by 1, 2
