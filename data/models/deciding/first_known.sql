-- The first day that a discrepancy is known to have been there: the day of the first of the closed months in a row in which
-- it was found, or of a decision about it.
with

found as (
  select found_rows.reconciliation_id, min(utc_date(periods.as_of)) as known_since
  from found_rows
  cross join settings
  inner join reconciled_periods as periods on found_rows.first_period = periods.period
  where found_rows.period = month_of(settings.as_of_date)
  group by found_rows.reconciliation_id
),

decided as (
  select reconciliation_id, min(utc_date(decided_at)) as known_since
  from decision_states
  cross join settings
  where utc_date(decided_at) <= settings.as_of_date
  group by reconciliation_id
),

united as (
  select reconciliation_id, known_since from found
  union all
  select reconciliation_id, known_since from decided
),

final as (
  select reconciliation_id, min(known_since) as known_since
  from united
  group by reconciliation_id
)

select * from final
