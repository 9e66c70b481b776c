-- Price changes
-- Agreement lines that were invoiced at another price than on the invoice before.
-- @returns invoice_date, client_name, invoice_number, description, previous_price, unit_price, change, quantity
with
lines as (
  select invoices.invoice_date, invoices.invoice_number, invoices.client_id, lines.description, lines.quantity, lines.unit_price,
    lag(lines.unit_price) over (
      partition by lines.agreement_line_id order by invoices.invoice_date, invoices.invoice_id
    ) as previous_price
  from lake_invoice_lines as lines
  inner join lake_invoices as invoices on lines.invoice_id = invoices.invoice_id
  where lines.agreement_line_id is not null and lines.parent_line_id is null and lines.unit_price is not null
    and coalesce(invoices.status, 'posted') in ('posted', 'sent', 'paid')
)
select lines.invoice_date, lake_clients.client_name, lines.invoice_number, lines.description, lines.previous_price,
  lines.unit_price, lines.unit_price - lines.previous_price as change, lines.quantity
from lines
left join lake_clients on lines.client_id = lake_clients.client_id
where lines.unit_price <> lines.previous_price
order by lines.invoice_date desc, abs(lines.unit_price - lines.previous_price) desc
