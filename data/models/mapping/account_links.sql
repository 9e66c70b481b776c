-- What people decided about each account: confirmed for a client, excluded, or not yet decided (unlinked).
select
  accounts.connection_id,
  accounts.account_id,
  accounts.account_name,
  accounts.domain,
  accounts.was_read,
  coalesce(links.status, 'unlinked') as link_status,
  case when links.status = 'confirmed' then links.client_id end as client_id,
  links.note
from stg_accounts as accounts
left join links_in_force as links
  on accounts.connection_id = links.connection_id and accounts.account_id = links.account_id
