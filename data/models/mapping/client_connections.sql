-- The connections that each client is linked to, one row each: those in which it has a confirmed account, and those that never
-- delivered anything, for which it was decided where an account of the client is. Nobody knows what is used there.
select client_id, connection_id from linked_connections
union
select decided.client_id, decided.connection_id
from mapping_clients as decided
inner join connection_health as health on decided.connection_id = health.connection_id
where decided.status = 'confirmed' and not health.has_data
