-- Products of the integrations, and those that seats or counts name but the product list lacks.
with

named as (
  select connection_id, product_id from seat_cells
  union
  select connection_id, product_id from lake_counts
),

unlisted as (
  select named.connection_id, named.product_id
  from named
  left join lake_products as products
    on named.connection_id = products.connection_id and named.product_id = products.product_id
  where products.product_id is null
),

final as (
  select
    connection_id,
    product_id,
    product_name,
    unit,
    category,
    coalesce(is_trial, false) as is_trial,
    list_price,
    unit_cost,
    true as is_listed
  from lake_products
  union all
  select connection_id, product_id, product_id as product_name, null, null, false, null, null, false
  from unlisted
)

select * from final
