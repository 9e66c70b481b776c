-- Every line that is billed now with the row that it is part of.
select
  case when lines.basis = 'invoice' then 'invoice:' || lines.invoice_line_id else 'agreement:' || lines.agreement_line_id end as line_id,
  rows.reconciliation_id,
  lines.client_id,
  lines.service_id,
  lines.agreement_id,
  lines.agreement_line_id,
  lines.invoice_id,
  lines.invoice_number,
  lines.invoice_date,
  lines.description,
  lines.quantity,
  cast(lines.net_quantity as decimal(18, 4)) as net_quantity,
  lines.unit_price,
  lines.amount,
  lines.monthly_amount,
  lines.currency,
  lines.is_credit,
  lines.basis,
  lines.billing_cycle,
  lines.period_start,
  lines.period_end,
  rows.status in ('reconciled', 'discrepancy') as is_compared
from live_billed_lines as lines
inner join row_amounts as rows
  on lines.client_id = rows.client_id
  and lines.service_id is not distinct from rows.service_id
  and lines.currency = rows.currency
  and not rows.is_unaccounted
