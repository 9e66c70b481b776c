-- Which products of a client are one licence seen in two connections: a distributor knows only what was purchased, the
-- vendor knows who uses it, and both call it by the same name (case and punctuation aside). The licence goes by the
-- vendor's product; supplied rows are the distributor's. Any other product is a licence of its own.
with

named as (
  select
    quantities.client_id,
    quantities.connection_id,
    quantities.product_id,
    plain_name(products.product_name) as product_key,
    quantities.used is null as is_purchase
  from product_quantities as quantities
  inner join stg_products as products
    on quantities.connection_id = products.connection_id and quantities.product_id = products.product_id
),

-- A row is looked for by this key if it is a purchase: as a condition of the join beside the key, every row would be held
-- against every other.
sought as (
  select *, case when is_purchase then product_key end as purchase_key
  from named
),

used as (
  select *
  from named
  where not is_purchase
),

found as (
  select
    sought.client_id,
    sought.connection_id,
    sought.product_id,
    coalesce(used.connection_id, sought.connection_id) as licence_connection_id,
    coalesce(used.product_id, sought.product_id) as licence_product_id,
    used.client_id is not null as is_supply,
    row_number() over (
      partition by sought.client_id, sought.connection_id, sought.product_id
      order by used.connection_id, used.product_id
    ) as place
  from sought
  left join used
    on sought.client_id = used.client_id
    and sought.purchase_key = used.product_key
    and sought.connection_id <> used.connection_id
),

final as (
  select client_id, connection_id, product_id, licence_connection_id, licence_product_id, is_supply
  from found
  where place = 1
)

select * from final
