-- Invoices with their defaults. Without a complete period an invoice covers the calendar month of its date. It is_current if
-- its period contains today, and is_issued, so that it can be flagged, once its date has come or it is current: what is billed
-- now is looked at. period_months: the months that the period is long, null where it is not a whole number of them.
with

dated as (
  select
    invoices.invoice_id,
    invoices.invoice_number,
    invoices.client_id,
    invoices.agreement_id,
    invoices.invoice_date,
    invoices.period_start is not null and invoices.period_end is not null as has_own_period,
    case
      when invoices.period_start is not null and invoices.period_end is not null then invoices.period_start
      else first_of_month(invoices.invoice_date)
    end as period_start,
    case
      when invoices.period_start is not null and invoices.period_end is not null then invoices.period_end
      else add_months(first_of_month(invoices.invoice_date), 1)
    end as period_end,
    coalesce(invoices.status, 'posted') in ('posted', 'sent', 'paid') as has_live_status,
    upper(coalesce(invoices.currency, settings.currency)) as currency,
    invoices.total
  from lake_invoices as invoices
  cross join settings
),

placed as (
  select
    dated.*,
    dated.period_start <= today.as_of_date and today.as_of_date < dated.period_end as is_current
  from dated
  cross join (select as_of_date from settings) as today
)

select
  placed.*,
  case
    when add_months(placed.period_start, months_between(placed.period_start, placed.period_end)) = placed.period_end
      then months_between(placed.period_start, placed.period_end)
  end as period_months,
  placed.has_live_status and (placed.is_current or placed.invoice_date <= today.as_of_date) as is_issued
from placed
cross join (select as_of_date from settings) as today
