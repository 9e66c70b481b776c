-- Which services of a client a licence feeds, and which of them bear its cost: those sold in the product's own unit, all
-- where none is (support by the head is counted in licences, but not made of them). They share it in proportion to what
-- their rules see of it, in equal parts where they see nothing. A licence of which nothing is purchased or used feeds a
-- service only if no other does. is_alone: the service is fed by no other licence, unit for unit, so that its billed
-- quantity is the licence's. is_pair: the service bears no other licence and the licence burdens no other service, so that
-- what one costs the other does; is_one_to_one: unit for unit as well.
with

covering as (
  select distinct client_id, connection_id, product_id, service_id, rule_id
  from covering_rules
),

seen as (
  select client_id, connection_id, product_id, service_id, sum(raw_count) as raw_count
  from rule_counts
  group by client_id, connection_id, product_id, service_id
),

pairs as (
  select
    supplies.client_id,
    supplies.licence_connection_id as connection_id,
    supplies.licence_product_id as product_id,
    covering.service_id,
    covering.connection_id as covered_connection_id,
    covering.product_id as covered_product_id,
    max(case when rules.multiplier <> 1 then 1 else 0 end) as is_multiplied
  from covering
  inner join licence_supplies as supplies
    on covering.client_id = supplies.client_id
    and covering.connection_id = supplies.connection_id
    and covering.product_id = supplies.product_id
  inner join rules_in_force as rules on covering.rule_id = rules.rule_id
  group by
    supplies.client_id, supplies.licence_connection_id, supplies.licence_product_id, covering.service_id,
    covering.connection_id, covering.product_id
),

weighed as (
  select
    pairs.client_id,
    pairs.connection_id,
    pairs.product_id,
    pairs.service_id,
    max(pairs.is_multiplied) as is_multiplied,
    cast(sum(coalesce(quantity_units(seen.raw_count), 0)) as hugeint) as weight
  from pairs
  left join seen
    on pairs.client_id = seen.client_id
    and pairs.covered_connection_id = seen.connection_id
    and pairs.covered_product_id = seen.product_id
    and pairs.service_id = seen.service_id
  group by pairs.client_id, pairs.connection_id, pairs.product_id, pairs.service_id
),

held as (
  select
    weighed.*,
    case when coalesce(costs.purchased, 0) <> 0 or coalesce(costs.used, 0) <> 0 then 1 else 0 end as is_present
  from weighed
  inner join licence_costs as costs
    on weighed.client_id = costs.client_id
    and weighed.connection_id = costs.connection_id
    and weighed.product_id = costs.product_id
),

behind as (
  select *, max(is_present) over (partition by client_id, service_id) as is_supplied
  from held
),

compared as (
  select
    behind.*,
    services.unit = products.unit as has_same_unit,
    max(case when services.unit = products.unit then 1 else 0 end)
      over (partition by behind.client_id, behind.connection_id, behind.product_id) as is_matched
  from behind
  inner join stg_services as services on behind.service_id = services.service_id
  inner join stg_products as products
    on behind.connection_id = products.connection_id and behind.product_id = products.product_id
  where behind.is_present = behind.is_supplied
),

borne as (
  select *, coalesce(has_same_unit, false) or is_matched = 0 as is_bearer
  from compared
),

totalled as (
  select
    borne.*,
    sum(case when is_bearer then weight else 0 end) over (partition by client_id, connection_id, product_id) as total_weight,
    count(case when is_bearer then 1 end) over (partition by client_id, connection_id, product_id) as bearers,
    count(*) over (partition by client_id, service_id) as feeding,
    count(case when is_bearer then 1 end) over (partition by client_id, service_id) as licences
  from borne
),

final as (
  select
    client_id,
    connection_id,
    product_id,
    service_id,
    is_bearer,
    case when total_weight = 0 then cast(1 as hugeint) else weight end as weight,
    licences,
    feeding = 1 and is_multiplied = 0 as is_alone,
    is_bearer and licences = 1 and bearers = 1 as is_pair,
    is_bearer and licences = 1 and bearers = 1 and is_multiplied = 0 as is_one_to_one
  from totalled
)

select * from final
