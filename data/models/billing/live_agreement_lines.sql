-- Lines of active, recurring agreements that today falls into, with the step of the billing cycle that contains today.
-- Steps are counted from the agreement's start date; 31 January plus one month is the last day of February.
select
  lines.agreement_line_id,
  lines.agreement_id,
  agreements.client_id,
  agreements.currency,
  agreements.billing_cycle,
  agreements.months,
  lines.service_id,
  lines.description,
  lines.quantity,
  lines.included_quantity,
  greatest(lines.quantity - lines.included_quantity, 0) as net_quantity,
  lines.unit_price,
  agreements.period_start,
  agreements.period_end
from stg_agreement_lines as lines
inner join agreement_periods as agreements on lines.agreement_id = agreements.agreement_id
cross join settings
where
  lines.start_date <= settings.as_of_date
  and (lines.end_date is null or settings.as_of_date < lines.end_date)
