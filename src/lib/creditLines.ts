import {literal, sqlComment} from "./sqlText.js";

/** A query for every line that credits a client something, with the invoice that it stands on: what proves a credit. */
export function creditLines({
  client_id,
  client_name,
}: {
  readonly client_id: string;
  readonly client_name: string | null;
}): string {
  return `${sqlComment(`Credits on invoices of ${client_name ?? client_id}`)}
select invoices.invoice_date, invoices.invoice_number, lines.description,
  coalesce(lines.amount, cast(lines.quantity * lines.unit_price as decimal(18, 2))) as credited_amount,
  coalesce(invoices.currency, 'none given') as currency, lines.quantity, lines.unit_price, invoices.period_start,
  invoices.period_end
from lake_invoice_lines as lines
inner join lake_invoices as invoices on lines.invoice_id = invoices.invoice_id
where invoices.client_id = ${literal(client_id)} and coalesce(invoices.status, 'posted') in ('posted', 'sent', 'paid')
  and (lines.parent_line_id is not null or credited_amount < 0)
order by invoices.invoice_date desc, invoices.invoice_number, lines.invoice_line_id`;
}
