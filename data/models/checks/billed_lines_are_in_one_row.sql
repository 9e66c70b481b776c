-- Every live billed line is in exactly one reconciliation row.
with

placed as (
  select line_id, count(*) as rows from services_billed group by line_id
),

numbers as (
  select
    (select count(*) from live_billed_lines) as live_lines,
    (select count(*) from placed) as placed_lines
)

select 'placed more than once: ' || line_id as problem from placed where rows > 1
union all
select 'live lines ' || live_lines || ', placed lines ' || placed_lines from numbers where live_lines <> placed_lines
