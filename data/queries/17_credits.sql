-- Credits and negative lines
-- Of one that is not billed now no figure of the present month knows; one that came after its period may be in no month at all.
-- @returns invoice_date, client_id, client_name, invoice_number, description, credited_amount, currency, is_billed_now, came_late, period_start, period_end
select invoices.invoice_date, invoices.client_id, psa_clients.client_name, invoices.invoice_number, lines.description,
  coalesce(lines.amount, cast(lines.quantity * lines.unit_price as decimal(18, 2))) as credited_amount,
  coalesce(invoices.currency, 'none given') as currency, billed.line_id is not null as is_billed_now,
  coalesce(invoices.period_end <= invoices.invoice_date, false) as came_late, invoices.period_start, invoices.period_end
from lake_invoice_lines as lines
inner join lake_invoices as invoices on lines.invoice_id = invoices.invoice_id
left join psa_clients on invoices.client_id = psa_clients.client_id
left join services_billed as billed on billed.line_id = 'invoice:' || lines.invoice_line_id
where coalesce(invoices.status, 'posted') in ('posted', 'sent', 'paid') and (lines.parent_line_id is not null or credited_amount < 0)
order by came_late desc, invoices.invoice_date desc, psa_clients.client_name
