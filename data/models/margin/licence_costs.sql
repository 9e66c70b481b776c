-- One row per client and licence: what it costs a month in the workspace's currency, null where a cost is unknown, and
-- what of it was purchased and is used. A distributor's purchases stand for the vendor's own count of the same licence.
with

supplies as (
  select
    supplies.client_id,
    supplies.licence_connection_id as connection_id,
    supplies.licence_product_id as product_id,
    supplies.is_supply,
    case when supplies.is_supply then supplies.connection_id end as supplier_id,
    quantities.purchased,
    quantities.used,
    quantities.charged,
    quantities.charged_by,
    quantities.unassigned,
    quantities.is_assignment_known,
    quantities.commitment_end,
    quantities.exclusion_reason,
    coalesce(products.unit_cost, homes.unit_cost) as unit_cost
  from licence_supplies as supplies
  inner join product_quantities as quantities
    on supplies.client_id = quantities.client_id
    and supplies.connection_id = quantities.connection_id
    and supplies.product_id = quantities.product_id
  inner join stg_products as products
    on supplies.connection_id = products.connection_id and supplies.product_id = products.product_id
  inner join stg_products as homes
    on supplies.licence_connection_id = homes.connection_id and supplies.licence_product_id = homes.product_id
),

supplied as (
  select client_id, connection_id, product_id, max(case when is_supply then 1 else 0 end) as has_supply
  from supplies
  group by client_id, connection_id, product_id
),

-- The vendor's own row charges nothing where a distributor supplies the licence.
charged as (
  select supplies.*, supplied.has_supply = 1 as has_supply, supplies.is_supply or supplied.has_supply = 0 as is_charged
  from supplies
  inner join supplied
    on supplies.client_id = supplied.client_id
    and supplies.connection_id = supplied.connection_id
    and supplies.product_id = supplied.product_id
),

grouped as (
  select
    client_id,
    connection_id,
    product_id,
    joined_distinct(supplier_id, ';') as supplier_ids,
    sum(case when is_charged then purchased end) as purchased,
    sum(used) as used,
    sum(case when is_charged then charged else 0 end) as charged,
    max(case when is_charged then charged_by end) as charged_by,
    max(case when has_supply then 1 else 0 end) as has_supply,
    sum(unassigned) as own_unassigned,
    max(case when is_assignment_known then 1 else 0 end) as is_own_assignment_known,
    max(commitment_end) as commitment_end,
    min(case when exclusion_reason is null then 0 else 1 end) as is_excluded,
    count(case when is_charged and unit_cost is null then 1 end) as uncosted,
    max(case when is_charged then unit_cost end) as highest_cost,
    sum(case when is_charged then quantity_units(charged) * price_units(unit_cost) end) as cost_units,
    sum(case when is_charged then quantity_units(charged) end) as charged_units
  from charged
  group by client_id, connection_id, product_id
),

final as (
  select
    client_id,
    connection_id,
    product_id,
    supplier_ids,
    cast(purchased as decimal(18, 4)) as purchased,
    cast(used as decimal(18, 4)) as used,
    cast(charged as decimal(18, 4)) as charged,
    charged_by,
    case
      when has_supply = 1 then cast(greatest(purchased - used, 0) as decimal(18, 4))
      when is_own_assignment_known = 1 then cast(own_unassigned as decimal(18, 4))
    end as unassigned,
    commitment_end,
    is_excluded = 1 as is_excluded,
    case
      when uncosted > 0 then null
      when charged_units = 0 then highest_cost
      else units_to_price(round_div(cost_units, charged_units))
    end as unit_cost,
    case
      when uncosted = 0 then units_to_amount(round_div(cost_units, cast(100000000 as hugeint)))
    end as cost_monthly
  from grouped
)

select * from final
