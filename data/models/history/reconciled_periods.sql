-- The months that history knows: every closed period up to the present one, read from its snapshot, and the month of the
-- present run unless it is closed itself. Nothing at all while no period is closed.
with

closed as (
  select period, max(as_of) as as_of
  from snapshot_summary
  group by period
),

present as (
  select month_of(as_of_date) as period, as_of
  from settings
),

periods as (
  select period, true as is_closed, as_of from closed
  union all
  select period, false as is_closed, as_of
  from present
  where exists (select 1 from closed) and period not in (select period from closed)
),

final as (
  select
    period,
    is_closed,
    as_of,
    row_number() over (order by period) as place,
    lag(period) over (order by period) as previous_period
  from periods
)

select * from final
