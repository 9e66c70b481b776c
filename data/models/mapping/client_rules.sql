-- The rules that hold for each client and service. A rule of the client's own replaces the global rules for the same
-- service and connection.
with

own_rules as (
  select distinct client_id, service_id, connection_id
  from rules_in_force
  where client_id is not null
),

final as (
  select
    client_services.client_id,
    rules.service_id,
    rules.connection_id,
    rules.rule_id,
    rules.count_method,
    rules.multiplier,
    rules.minimum,
    rules.maximum
  from client_services
  inner join rules_in_force as rules
    on client_services.service_id = rules.service_id
    and (rules.client_id is null or rules.client_id = client_services.client_id)
  left join own_rules
    on client_services.client_id = own_rules.client_id
    and rules.service_id = own_rules.service_id
    and rules.connection_id = own_rules.connection_id
  where rules.client_id is not null or own_rules.client_id is null
)

select * from final
