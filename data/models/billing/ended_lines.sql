-- Live invoice lines whose agreement or agreement line is over today, with the first day that it no longer covers: the invoice
-- goes on to the end of its period, and whatever stands in the line's place is billed beside it.
with

ends as (
  select
    lines.invoice_line_id,
    least(
      coalesce(agreement_lines.end_date, agreements.end_date),
      coalesce(agreements.end_date, agreement_lines.end_date)
    ) as end_date
  from live_invoice_lines as lines
  left join stg_agreement_lines as agreement_lines on lines.agreement_line_id = agreement_lines.agreement_line_id
  left join stg_agreements as agreements on lines.agreement_id = agreements.agreement_id
  where not lines.is_credit
)

select
  'invoice:' || ends.invoice_line_id as line_id,
  ends.end_date
from ends
cross join settings
where ends.end_date <= settings.as_of_date
