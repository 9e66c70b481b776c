-- Lines of posted, sent or paid invoices whose period contains today. Credits are among them: they change what is billed
-- in money, never in quantity.
select lines.*
from stg_invoice_lines as lines
cross join (select as_of_date from settings) as today
where
  lines.has_live_status
  and lines.period_start <= today.as_of_date
  and today.as_of_date < lines.period_end
