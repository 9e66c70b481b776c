-- Invoice lines whose invoice is known, with the service and cycle they inherit from their agreement line or agreement. Without
-- an agreement the period tells the cycle: what is billed for a year is no price per month.
with

recurring_cycles as (
  select billing_cycle, months
  from billing_cycles
  where is_recurring
)

select
  lines.invoice_line_id,
  lines.invoice_id,
  lines.agreement_line_id,
  coalesce(own_agreements.agreement_id, invoices.agreement_id) as agreement_id,
  coalesce(lines.service_id, agreement_lines.service_id) as service_id,
  lines.description,
  lines.quantity,
  lines.unit_price,
  lines.amount,
  coalesce(lines.amount, multiply_to_amount(lines.quantity, lines.unit_price)) as billed_amount,
  lines.parent_line_id is not null as is_credit,
  coalesce(own_agreements.billing_cycle, agreements.billing_cycle, cycles.billing_cycle, 'monthly') as billing_cycle,
  coalesce(own_agreements.months, agreements.months, cycles.months, 1) as months,
  invoices.client_id,
  invoices.invoice_number,
  invoices.invoice_date,
  invoices.period_start,
  invoices.period_end,
  invoices.currency,
  invoices.has_live_status,
  invoices.is_current,
  invoices.is_issued
from lake_invoice_lines as lines
inner join stg_invoices as invoices on lines.invoice_id = invoices.invoice_id
left join lake_agreement_lines as agreement_lines on lines.agreement_line_id = agreement_lines.agreement_line_id
left join stg_agreements as own_agreements on agreement_lines.agreement_id = own_agreements.agreement_id
left join stg_agreements as agreements on invoices.agreement_id = agreements.agreement_id
left join recurring_cycles as cycles on invoices.period_months = cycles.months
