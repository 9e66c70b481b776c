-- The clients and services that rules must be worked out for: billed ones, and those that a linked account could use.
with

billed as (
  select distinct client_id, service_id
  from live_billed_lines
  where service_id is not null
),

usable as (
  select distinct linked.client_id, rules.service_id
  from linked_connections as linked
  inner join rules_in_force as rules
    on linked.connection_id = rules.connection_id
    and (rules.client_id is null or rules.client_id = linked.client_id)
),

final as (
  select client_id, service_id from billed
  union
  select client_id, service_id from usable
)

select * from final
