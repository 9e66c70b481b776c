-- Price changes
-- Agreement lines that were invoiced at another price than on the invoice before; of several prices on one, the highest.
-- @returns invoice_date, client_name, invoice_number, description, previous_price, unit_price, change, currency, quantity
with
prices as (
  select lines.agreement_line_id, lines.invoice_id, max(lines.unit_price) as unit_price, sum(lines.quantity) as quantity,
    max(lines.description) as description
  from lake_invoice_lines as lines
  where lines.agreement_line_id is not null and lines.parent_line_id is null and lines.unit_price is not null
  group by lines.agreement_line_id, lines.invoice_id
),
compared as (
  select invoices.invoice_date, invoices.invoice_number, invoices.client_id, invoices.currency, prices.description,
    prices.quantity, prices.unit_price,
    lag(prices.unit_price) over (
      partition by prices.agreement_line_id, invoices.currency order by invoices.invoice_date, invoices.invoice_id
    ) as previous_price
  from prices
  inner join lake_invoices as invoices on prices.invoice_id = invoices.invoice_id
  where coalesce(invoices.status, 'posted') in ('posted', 'sent', 'paid')
)
select compared.invoice_date, psa_clients.client_name, compared.invoice_number, compared.description, compared.previous_price,
  compared.unit_price, compared.unit_price - compared.previous_price as change,
  coalesce(compared.currency, 'none given') as currency, compared.quantity
from compared
left join psa_clients on compared.client_id = psa_clients.client_id
where compared.unit_price <> compared.previous_price
order by compared.invoice_date desc, currency, abs(compared.unit_price - compared.previous_price) desc
