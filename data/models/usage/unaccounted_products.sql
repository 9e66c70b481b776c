-- Usage that no rule of its client covers, per client, connection and product. Counted totals stand in where the account
-- has no seats of the product: the first metric present of assigned, active, reported, purchased.
with

from_seats as (
  select connection_id, account_id, product_id, client_id, sum(seat_count - named_seats) as quantity
  from cell_dispositions
  where disposition = 'unaccounted'
  group by connection_id, account_id, product_id, client_id
),

with_seats as (
  select distinct connection_id, account_id, product_id from seat_cells
),

covered as (
  select distinct connection_id, account_id, product_id from covering_rules
),

ranked_counts as (
  select
    counts.connection_id,
    counts.account_id,
    counts.product_id,
    account_products.client_id,
    counts.quantity,
    row_number() over (
      partition by counts.connection_id, counts.account_id, counts.product_id
      order by
        case counts.metric when 'assigned' then 1 when 'active' then 2 when 'reported' then 3 else 4 end
    ) as place
  from stg_counts as counts
  inner join account_products
    on counts.connection_id = account_products.connection_id
    and counts.account_id = account_products.account_id
    and counts.product_id = account_products.product_id
  left join with_seats
    on counts.connection_id = with_seats.connection_id
    and counts.account_id = with_seats.account_id
    and counts.product_id = with_seats.product_id
  left join covered
    on counts.connection_id = covered.connection_id
    and counts.account_id = covered.account_id
    and counts.product_id = covered.product_id
  where
    account_products.exclusion_reason is null
    and account_products.client_id is not null
    and with_seats.account_id is null
    and covered.account_id is null
),

united as (
  select connection_id, account_id, product_id, client_id, cast(quantity as decimal(18, 4)) as quantity, true as is_seats
  from from_seats
  union all
  select connection_id, account_id, product_id, client_id, quantity, false as is_seats
  from ranked_counts
  where place = 1
)

select * from united where quantity > 0
