-- The clients' numbers of inactive seats, which come from cells, are those of the seats listed.
with

listed as (
  select client_id, count(*) as inactive_count from inactive_seats group by client_id
)

select clients.client_id, clients.inactive_count, listed.inactive_count as listed
from clients
left join listed on clients.client_id = listed.client_id
where clients.inactive_count <> coalesce(listed.inactive_count, 0)
union all
select listed.client_id, null, listed.inactive_count
from listed
left join clients on listed.client_id = clients.client_id
where clients.client_id is null
