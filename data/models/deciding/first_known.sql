-- The first day that a discrepancy is known to have been there: the day of the first of the closed months in a row in which
-- it was found, or of a decision about it. A decision up to the closed month before those is about an earlier one, that was
-- gone then.
with

found as (
  select
    found_rows.reconciliation_id,
    min(utc_date(periods.as_of)) as known_since,
    max(utc_date(before.as_of)) as last_without
  from found_rows
  cross join settings
  inner join reconciled_periods as periods on found_rows.first_period = periods.period
  left join reconciled_periods as before on periods.previous_period = before.period
  where found_rows.period = month_of(settings.as_of_date)
  group by found_rows.reconciliation_id
),

decided as (
  select states.reconciliation_id, min(utc_date(states.decided_at)) as known_since
  from decision_states as states
  cross join settings
  left join found on states.reconciliation_id = found.reconciliation_id
  where
    utc_date(states.decided_at) <= settings.as_of_date
    and (found.last_without is null or utc_date(states.decided_at) > found.last_without)
  group by states.reconciliation_id
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
