-- One row per client and connection in which it has a confirmed account whose use was read, now or earlier.
select distinct client_id, connection_id
from account_links
where link_status = 'confirmed' and was_read
