-- Services of the PSA, and those that lines name but the catalogue lacks.
with

named as (
  select service_id from lake_agreement_lines
  union
  select service_id from lake_invoice_lines where service_id is not null
),

unlisted as (
  select named.service_id
  from named
  left join lake_services on named.service_id = lake_services.service_id
  where lake_services.service_id is null
),

final as (
  select service_id, service_name, category, unit, list_price, unit_cost, true as is_listed
  from lake_services
  union all
  select service_id, service_id as service_name, null, null, null, null, false as is_listed
  from unlisted
)

select * from final
