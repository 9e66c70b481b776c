-- Clients with their names as they are compared.
select
  client_id,
  client_name,
  normal_name(client_name) as normal_name,
  replace(normal_name(client_name), ' ', '') as joined_name
from stg_clients
where is_listed
