-- Clients whose data is stale
-- Clients with an integration that is not green: their counts are from the last good sync.
-- @returns client_name, connection_id, health, last_success_at, health_reason, seats_total
select distinct clients.client_name, linked.connection_id, linked.health, linked.last_success_at,
  integrations.health_reason, linked.seats_total
from client_integrations as linked
inner join clients on linked.client_id = clients.client_id
inner join integrations on linked.connection_id = integrations.connection_id
where linked.health <> 'green'
order by linked.health, linked.last_success_at nulls first, clients.client_name, linked.connection_id
