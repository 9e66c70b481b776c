-- One row per client and connection in which it has a confirmed account.
select distinct client_id, connection_id
from account_links
where link_status = 'confirmed'
