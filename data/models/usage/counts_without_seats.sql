-- Totals that stand in for seats: one row per account and product of which there are totals and no seats, by the first
-- metric present of assigned, active, reported, purchased. Products left out by decision or as trials are not among them.
with

with_seats as (
  select distinct connection_id, account_id, product_id from seat_cells
),

ranked as (
  select
    counts.connection_id,
    counts.account_id,
    counts.product_id,
    account_products.client_id,
    counts.metric,
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
  where account_products.exclusion_reason is null and with_seats.account_id is null
)

select connection_id, account_id, product_id, client_id, metric, quantity
from ranked
where place = 1
