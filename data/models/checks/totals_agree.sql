-- Client totals are the sums of their rows, and the summary the sum of the clients, currency by currency.
with

row_sums as (
  select
    currency,
    cast(sum(case when status = 'discrepancy' then 1 else 0 end) as bigint) as discrepancies,
    sum(case when status = 'discrepancy' then coalesce(impact_monthly, 0) else 0 end) as net,
    sum(case when status = 'discrepancy' then abs(coalesce(impact_monthly, 0)) else 0 end) as absolute
  from reconciliation
  group by currency
),

client_sums as (
  select
    currency,
    cast(sum(discrepancy_count) as bigint) as discrepancies,
    sum(net_monthly) as net,
    sum(absolute_monthly) as absolute
  from clients
  group by currency
)

select 'clients against rows' as problem, row_sums.currency
from row_sums
left join client_sums on row_sums.currency = client_sums.currency
where
  row_sums.discrepancies is distinct from client_sums.discrepancies
  or row_sums.net is distinct from client_sums.net
  or row_sums.absolute is distinct from client_sums.absolute
union all
select 'summary against clients', client_sums.currency
from client_sums
left join summary on client_sums.currency = summary.currency
where
  client_sums.discrepancies is distinct from summary.discrepancy_count
  or client_sums.net is distinct from summary.net_monthly
  or client_sums.absolute is distinct from summary.absolute_monthly
