-- Usage that no rule of its client covers, per account and product: seats, or totals where there are none.
with

from_seats as (
  select
    connection_id,
    account_id,
    product_id,
    client_id,
    'seats' as count_method,
    cast(sum(seat_count - named_seats) as decimal(18, 4)) as quantity
  from cell_dispositions
  where disposition = 'unaccounted'
  group by connection_id, account_id, product_id, client_id
),

covered as (
  select distinct connection_id, account_id, product_id from covering_rules
),

from_totals as (
  select
    totals.connection_id,
    totals.account_id,
    totals.product_id,
    totals.client_id,
    totals.metric as count_method,
    totals.quantity
  from counts_without_seats as totals
  left join covered
    on totals.connection_id = covered.connection_id
    and totals.account_id = covered.account_id
    and totals.product_id = covered.product_id
  where totals.client_id is not null and covered.account_id is null
),

united as (
  select * from from_seats
  union all
  select * from from_totals
)

select * from united where quantity > 0
