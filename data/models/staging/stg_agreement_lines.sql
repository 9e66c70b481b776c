-- Agreement lines whose agreement is known; the others are listed in data_problems.
select
  lines.agreement_line_id,
  lines.agreement_id,
  lines.service_id,
  lines.description,
  lines.quantity,
  coalesce(lines.included_quantity, 0) as included_quantity,
  lines.unit_price,
  lines.unit_cost,
  coalesce(lines.start_date, agreements.start_date) as start_date,
  lines.end_date
from lake_agreement_lines as lines
inner join lake_agreements as agreements on lines.agreement_id = agreements.agreement_id
