-- What the licences behind a service cost a client a month. is_complete: every licence in use behind it has a known cost.
with

shares as (
  select
    shares.*,
    products.product_name,
    shares.cost_units is null and shares.charged > 0 and shares.weight > 0 as is_missing
  from licence_cost_shares as shares
  inner join stg_products as products
    on shares.connection_id = products.connection_id and shares.product_id = products.product_id
),

final as (
  select
    client_id,
    service_id,
    units_to_amount(cast(sum(cost_units) as hugeint)) as cost_monthly,
    count(cost_units) > 0 and count(case when is_missing then 1 end) = 0 as is_complete,
    joined_distinct(case when cost_units <> 0 then product_name end, '; ') as costed_products,
    joined_distinct(case when is_missing then product_name end, '; ') as uncosted_products
  from shares
  group by client_id, service_id
)

select * from final
