-- Every discrepancy of every period with its age. It is the same one from month to month by client, service (or product)
-- and currency; a period in which it was not found ends its run.
with

found as (
  select
    rows.*,
    periods.place,
    periods.place - row_number() over (
      partition by rows.reconciliation_id, rows.currency
      order by periods.place
    ) as run,
    min(rows.period) over (partition by rows.reconciliation_id, rows.currency) as earliest_period
  from period_rows as rows
  inner join reconciled_periods as periods on rows.period = periods.period
  where rows.status = 'discrepancy'
),

final as (
  select
    found.*,
    row_number() over (
      partition by found.reconciliation_id, found.currency, found.run
      order by found.place
    ) as months_open,
    min(found.period) over (partition by found.reconciliation_id, found.currency, found.run) as first_period
  from found
)

select * from final
