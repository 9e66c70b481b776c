-- Every discrepancy of every period with its age. It is the same one from month to month by client, service (or product)
-- and currency; a period in which it was not found ends its run. Periods are numbered in their order, so that the least of
-- them up to a row is the first one, and each step needs one order of the rows only.
with

found as (
  select
    rows.period,
    rows.reconciliation_id,
    rows.currency,
    periods.place,
    periods.place - row_number() over months as run,
    min(rows.period) over months as earliest_period,
    lead(periods.place) over months as next_place
  from period_rows as rows
  inner join reconciled_periods as periods on rows.period = periods.period
  where rows.status = 'discrepancy'
  window months as (partition by rows.reconciliation_id, rows.currency order by periods.place)
),

final as (
  select
    period,
    reconciliation_id,
    currency,
    row_number() over months as months_open,
    min(period) over months as first_period,
    earliest_period,
    next_place is distinct from place + 1 as ends_run
  from found
  window months as (partition by reconciliation_id, currency, run order by place)
)

select * from final
