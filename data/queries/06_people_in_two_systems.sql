-- The same person in two systems
-- People and devices of a client that two integrations know under one identifier, with how many seats they hold.
-- @returns client_name, identifier, systems, connections, seats
select names.client_name, lower(trim(seats.identifier)) as identifier,
  count(distinct seats.connection_id) as systems,
  string_agg(distinct seats.connection_id, ', ' order by seats.connection_id) as connections,
  count(*) as seats
from seats
inner join psa_clients as names on seats.client_id = names.client_id
where trim(seats.identifier) <> '' and seats.status = 'active'
group by names.client_id, names.client_name, lower(trim(seats.identifier))
having count(distinct seats.connection_id) > 1
order by systems desc, seats desc, names.client_name, identifier
