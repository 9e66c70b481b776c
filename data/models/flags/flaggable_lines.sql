-- The lines that flags look at: those of issued invoices (posted, sent or paid; dated up to today or for a period that
-- contains it), and agreement lines that are billed without an invoice. Prices and costs of another currency are left out.
-- is_current tells the lines that are billed now from those of earlier invoices.
with

invoice_lines as (
  select
    'invoice' as basis,
    lines.invoice_line_id as line_id,
    lines.client_id,
    lines.service_id,
    lines.agreement_id,
    lines.agreement_line_id,
    lines.invoice_id,
    lines.invoice_date,
    lines.currency,
    lines.description,
    lines.quantity,
    lines.unit_price,
    lines.amount,
    lines.billed_amount,
    lines.is_credit,
    lines.months,
    lines.period_start,
    lines.is_current
  from stg_invoice_lines as lines
  where lines.is_issued
),

agreement_lines as (
  select
    'agreement' as basis,
    agreement_line_id as line_id,
    client_id,
    service_id,
    agreement_id,
    agreement_line_id,
    cast(null as varchar) as invoice_id,
    cast(null as date) as invoice_date,
    currency,
    description,
    cast(net_quantity as decimal(18, 4)) as quantity,
    unit_price,
    amount,
    amount as billed_amount,
    false as is_credit,
    months,
    period_start,
    true as is_current
  from live_billed_lines
  where basis = 'agreement'
),

united as (
  select * from invoice_lines
  union all
  select * from agreement_lines
),

final as (
  select
    united.basis,
    united.line_id,
    united.client_id,
    united.service_id,
    united.agreement_id,
    united.agreement_line_id,
    united.invoice_id,
    united.invoice_date,
    united.currency,
    united.description,
    united.quantity,
    united.unit_price,
    united.amount,
    united.billed_amount,
    united.is_credit,
    united.months,
    united.period_start,
    united.is_current,
    services.unit,
    case when agreements.currency = united.currency then agreement_lines.unit_price end as agreement_unit_price,
    coalesce(
      case when agreements.currency = united.currency then agreement_lines.unit_cost end,
      case when united.currency = settings.currency then services.unit_cost * united.months end
    ) as unit_cost,
    least(
      coalesce(agreement_lines.end_date, agreements.end_date),
      coalesce(agreements.end_date, agreement_lines.end_date)
    ) as billable_until
  from united
  cross join settings
  left join stg_services as services on united.service_id = services.service_id
  left join stg_agreement_lines as agreement_lines on united.agreement_line_id = agreement_lines.agreement_line_id
  left join stg_agreements as agreements on united.agreement_id = agreements.agreement_id
)

select * from final
