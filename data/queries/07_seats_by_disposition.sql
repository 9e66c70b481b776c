-- Seats per client by disposition
-- What became of every seat: counted, or left out and why.
-- @returns client_name, counted, filtered, excluded, unaccounted, deleted, seats
select names.client_name,
  count(case when disposition = 'counted' then 1 end) as counted,
  count(case when disposition = 'filtered' then 1 end) as filtered,
  count(case when disposition = 'excluded' then 1 end) as excluded,
  count(case when disposition = 'unaccounted' then 1 end) as unaccounted,
  count(case when disposition = 'deleted' then 1 end) as deleted,
  count(*) as seats
from seats
inner join psa_clients as names on seats.client_id = names.client_id
group by names.client_id, names.client_name
order by seats desc, names.client_name
