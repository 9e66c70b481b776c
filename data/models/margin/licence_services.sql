-- Which services of a client a licence feeds, and the part of it that each bears: in proportion to what the service's
-- rules see of it, in equal parts where they see nothing. is_alone: the service is fed by no other licence, unit for unit,
-- so that its billed quantity is the licence's. is_pair: neither the service nor the licence has another, so that the
-- service's cost is the licence's; is_one_to_one: unit for unit as well.
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

totals as (
  select client_id, connection_id, product_id, sum(weight) as weight, count(*) as services
  from weighed
  group by client_id, connection_id, product_id
),

licences_of_service as (
  select client_id, service_id, count(*) as licences
  from weighed
  group by client_id, service_id
),

final as (
  select
    weighed.client_id,
    weighed.connection_id,
    weighed.product_id,
    weighed.service_id,
    case when totals.weight = 0 then cast(1 as hugeint) else weighed.weight end as weight,
    licences_of_service.licences,
    licences_of_service.licences = 1 and weighed.is_multiplied = 0 as is_alone,
    licences_of_service.licences = 1 and totals.services = 1 as is_pair,
    licences_of_service.licences = 1 and totals.services = 1 and weighed.is_multiplied = 0 as is_one_to_one
  from weighed
  inner join totals
    on weighed.client_id = totals.client_id
    and weighed.connection_id = totals.connection_id
    and weighed.product_id = totals.product_id
  inner join licences_of_service
    on weighed.client_id = licences_of_service.client_id
    and weighed.service_id = licences_of_service.service_id
)

select * from final
