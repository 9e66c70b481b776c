-- Open and decided totals of clients and summary are those of the work list, and together all that was found.
with

row_sums as (
  select
    client_id,
    currency,
    cast(sum(case when decision_state = 'decided' then 1 else 0 end) as bigint) as decided,
    cast(sum(case when decision_state <> 'decided' then 1 else 0 end) as bigint) as open,
    sum(case when decision_state = 'decided' and impact_monthly > 0 then impact_monthly else 0 end) as decided_under,
    sum(case when decision_state = 'decided' and impact_monthly < 0 then -impact_monthly else 0 end) as decided_over,
    sum(case when decision_state <> 'decided' and impact_monthly > 0 then impact_monthly else 0 end) as open_under,
    sum(case when decision_state <> 'decided' and impact_monthly < 0 then -impact_monthly else 0 end) as open_over
  from work_list
  group by client_id, currency
),

client_sums as (
  select
    currency,
    cast(sum(open_count) as bigint) as open_count,
    cast(sum(decided_count) as bigint) as decided_count,
    sum(open_underbilled_monthly) as open_under,
    sum(open_overbilled_monthly) as open_over,
    sum(decided_underbilled_monthly) as decided_under,
    sum(decided_overbilled_monthly) as decided_over
  from clients
  group by currency
)

select 'clients against the work list' as problem, clients.client_id, clients.currency
from clients
left join row_sums on clients.client_id = row_sums.client_id and clients.currency = row_sums.currency
where
  clients.open_count <> coalesce(row_sums.open, 0)
  or clients.decided_count <> coalesce(row_sums.decided, 0)
  or clients.open_underbilled_monthly <> coalesce(row_sums.open_under, 0)
  or clients.open_overbilled_monthly <> coalesce(row_sums.open_over, 0)
  or clients.decided_underbilled_monthly <> coalesce(row_sums.decided_under, 0)
  or clients.decided_overbilled_monthly <> coalesce(row_sums.decided_over, 0)
union all
select 'open and decided against all', client_id, currency
from clients
where
  open_count + decided_count <> discrepancy_count
  or open_underbilled_monthly + decided_underbilled_monthly <> underbilled_monthly
  or open_overbilled_monthly + decided_overbilled_monthly <> overbilled_monthly
union all
select 'summary against clients', cast(null as varchar), client_sums.currency
from client_sums
left join summary on client_sums.currency = summary.currency
where
  client_sums.open_count is distinct from summary.open_count
  or client_sums.decided_count is distinct from summary.decided_count
  or client_sums.open_under is distinct from summary.open_underbilled_monthly
  or client_sums.open_over is distinct from summary.open_overbilled_monthly
  or client_sums.decided_under is distinct from summary.decided_underbilled_monthly
  or client_sums.decided_over is distinct from summary.decided_overbilled_monthly
