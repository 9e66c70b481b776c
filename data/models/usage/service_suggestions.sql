-- For each unaccounted product the service whose name has most words in common with it, if half of them or more do. What a
-- distributor sold is often counted as that service where it is used: a second rule would count the same licence again.
with

used_products as (
  select distinct usage.connection_id, usage.product_id, products.product_name
  from unaccounted_products as usage
  inner join stg_products as products
    on usage.connection_id = products.connection_id and usage.product_id = products.product_id
),

product_words as (
  select distinct connection_id, product_id, parts_of(plain_name(product_name), ' ') as word
  from used_products
),

service_words as (
  select distinct service_id, parts_of(plain_name(service_name), ' ') as word
  from stg_services
),

product_sizes as (
  select connection_id, product_id, count(*) as words from product_words group by connection_id, product_id
),

service_sizes as (
  select service_id, count(*) as words from service_words group by service_id
),

shared as (
  select product_words.connection_id, product_words.product_id, service_words.service_id, count(*) as words
  from product_words
  inner join service_words on product_words.word = service_words.word
  group by product_words.connection_id, product_words.product_id, service_words.service_id
),

scored as (
  select
    shared.connection_id,
    shared.product_id,
    shared.service_id,
    services.service_name,
    cast(share_of(2 * shared.words, product_sizes.words + service_sizes.words) as decimal(5, 4)) as score,
    cast(shared.words as varchar) || ' of ' || cast(product_sizes.words as varchar) || ' words of its name agree' as evidence
  from shared
  inner join product_sizes
    on shared.connection_id = product_sizes.connection_id and shared.product_id = product_sizes.product_id
  inner join service_sizes on shared.service_id = service_sizes.service_id
  inner join stg_services as services on shared.service_id = services.service_id
),

ranked as (
  select
    *,
    row_number() over (partition by connection_id, product_id order by score desc, service_id) as place
  from scored
  where score >= 0.5
),

best as (
  select connection_id, product_id, service_id, service_name, score, evidence
  from ranked
  where place = 1
),

named as (
  select connection_id, product_id, plain_name(product_name) as product_key
  from stg_products
),

counted_elsewhere as (
  select usage.connection_id, usage.product_id, rules.service_id, min(rules.connection_id) as other_connection_id
  from unaccounted_products as usage
  inner join named as products
    on usage.connection_id = products.connection_id and usage.product_id = products.product_id
  inner join covering_rules as rules
    on usage.client_id = rules.client_id and usage.connection_id <> rules.connection_id
  inner join named as others
    on rules.connection_id = others.connection_id
    and rules.product_id = others.product_id
    and products.product_key = others.product_key
  group by usage.connection_id, usage.product_id, rules.service_id
),

final as (
  select
    best.connection_id,
    best.product_id,
    best.service_id,
    best.service_name,
    best.score,
    case
      when counted.other_connection_id is null then best.evidence
      else best.evidence || '; but ' || counted.other_connection_id
        || ' has a product of that name that is counted as it already: with both, each licence counts twice'
    end as evidence
  from best
  left join counted_elsewhere as counted
    on best.connection_id = counted.connection_id
    and best.product_id = counted.product_id
    and best.service_id = counted.service_id
)

select * from final
