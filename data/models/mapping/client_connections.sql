-- The connections that each client is linked to, one row each: those in which it has a confirmed account, and those that never
-- delivered anything, for which it was decided where an account of the client is. Nobody knows what is used there.
select client_id, connection_id from linked_connections
union
select links.client_id, links.connection_id
from links_in_force as links
inner join connection_health as health on links.connection_id = health.connection_id
where links.status = 'confirmed' and not health.has_data
