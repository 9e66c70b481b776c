-- The last day of closed months that compared a discrepancy and did not find it, of those that the newest closed months found
-- or could not compare; null where all of them did. For any other it is the newest closed month.
with

closed as (
  select periods.period, periods.place, utc_date(periods.as_of) as day
  from reconciled_periods as periods
  cross join settings
  where periods.period < month_of(settings.as_of_date)
),

newest as (
  select max(place) as place from closed
),

seen as (
  select
    rows.reconciliation_id,
    rows.currency,
    closed.place,
    row_number() over (partition by rows.reconciliation_id, rows.currency order by closed.place desc) as months
  from snapshot_reconciliation as rows
  inner join closed on rows.period = closed.period
  where rows.status <> 'reconciled'
),

in_a_row as (
  select seen.reconciliation_id, seen.currency, min(seen.place) as first_place
  from seen
  cross join newest
  where seen.place = newest.place + 1 - seen.months
  group by seen.reconciliation_id, seen.currency
),

final as (
  select in_a_row.reconciliation_id, in_a_row.currency, closed.day as last_without
  from in_a_row
  left join closed on in_a_row.first_place = closed.place + 1
)

select * from final
