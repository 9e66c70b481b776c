-- What is billed now, one row per line: live invoice lines, and live agreement lines that no live invoice line stands for.
-- settings.billed_basis can restrict it to one of the two sides. net_quantity is the billed quantity: 0 for a credit.
with

invoiced as (
  select distinct agreement_line_id
  from live_invoice_lines
  where not is_credit
),

from_invoices as (
  select
    'invoice' as basis,
    lines.client_id,
    lines.service_id,
    lines.currency,
    lines.agreement_id,
    agreement_lines.agreement_line_id,
    lines.invoice_id,
    lines.invoice_line_id,
    lines.invoice_number,
    lines.invoice_date,
    lines.description,
    lines.quantity,
    case when lines.is_credit then 0 else lines.quantity end as net_quantity,
    lines.unit_price,
    lines.billed_amount as amount,
    lines.is_credit,
    lines.billing_cycle,
    lines.months,
    lines.period_start,
    lines.period_end
  from live_invoice_lines as lines
  cross join settings
  left join lake_agreement_lines as agreement_lines on lines.agreement_line_id = agreement_lines.agreement_line_id
  where settings.billed_basis in ('auto', 'invoice')
),

from_agreements as (
  select
    'agreement' as basis,
    lines.client_id,
    lines.service_id,
    lines.currency,
    lines.agreement_id,
    lines.agreement_line_id,
    cast(null as varchar) as invoice_id,
    cast(null as varchar) as invoice_line_id,
    cast(null as varchar) as invoice_number,
    cast(null as date) as invoice_date,
    lines.description,
    lines.quantity,
    lines.net_quantity,
    lines.unit_price,
    multiply_to_amount(lines.net_quantity, lines.unit_price) as amount,
    false as is_credit,
    lines.billing_cycle,
    lines.months,
    lines.period_start,
    lines.period_end
  from live_agreement_lines as lines
  cross join settings
  left join invoiced on lines.agreement_line_id = invoiced.agreement_line_id
  where
    settings.billed_basis = 'agreement'
    or (settings.billed_basis = 'auto' and invoiced.agreement_line_id is null)
),

united as (
  select * from from_invoices
  union all
  select * from from_agreements
),

final as (
  select
    *,
    units_to_amount(round_div(amount_units(amount), months)) as monthly_amount
  from united
)

select * from final
