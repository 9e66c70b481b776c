-- How far a rule's count for a client can be believed: no_data (the connection never synced, does not provide what the
-- rule counts, or the client has no confirmed account there that was read), stale (the connection is not green) or known.
select
  rules.client_id,
  rules.service_id,
  rules.rule_id,
  rules.connection_id,
  rules.count_method,
  rules.multiplier,
  rules.minimum,
  rules.maximum,
  case
    when not health.has_data or provided.connection_id is null or read.connection_id is null then 'no_data'
    when health.health <> 'green' then 'stale'
    else 'known'
  end as rule_state
from client_rules as rules
inner join connection_health as health on rules.connection_id = health.connection_id
left join provided_methods as provided
  on rules.connection_id = provided.connection_id and rules.count_method = provided.count_method
left join read_connections as read
  on rules.connection_id = read.connection_id and rules.client_id = read.client_id
