-- The counted quantities of a row's sources add up to its system count.
with

sums as (
  select reconciliation_id, sum(counted_quantity) as counted
  from reconciliation_sources
  group by reconciliation_id
)

select rows.reconciliation_id, rows.system_count, sums.counted
from reconciliation as rows
left join sums on rows.reconciliation_id = sums.reconciliation_id
where rows.system_count is not null and rows.system_count <> coalesce(sums.counted, 0)
union all
select sums.reconciliation_id, null, sums.counted
from sums
left join reconciliation as rows on sums.reconciliation_id = rows.reconciliation_id
where rows.system_count is null and sums.counted <> 0
