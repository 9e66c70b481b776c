-- Products of one name that rules count for one service of a client in two connections, as what a distributor sold and what
-- its vendor shows: each unit of it may count twice. People are told apart by their identifiers, so they are left out.
with

named as (
  select connection_id, product_id, product_name, plain_name(product_name) as product_key
  from stg_products
),

counted as (
  select distinct
    rules.client_id,
    rules.service_id,
    rules.connection_id,
    products.product_name,
    products.product_key
  from covering_rules as rules
  inner join named as products
    on rules.connection_id = products.connection_id and rules.product_id = products.product_id
  where rules.count_method <> 'identities'
)

select
  counted.client_id,
  counted.service_id,
  min(
    '"' || counted.product_name || '" is counted in ' || counted.connection_id || ' and in ' || others.connection_id
      || ': each of it may count twice.'
  ) as evidence
from counted
inner join counted as others
  on counted.client_id = others.client_id
  and counted.service_id = others.service_id
  and counted.product_key = others.product_key
where counted.connection_id < others.connection_id
group by counted.client_id, counted.service_id
