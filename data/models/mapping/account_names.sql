-- Accounts whose client must be looked for: not linked, or linked to a client of another name.
with

named as (
  select
    links.connection_id,
    links.account_id,
    links.account_name,
    links.domain,
    links.link_status,
    links.client_id,
    normal_name(links.account_name) as normal_name,
    own.normal_name as own_normal_name
  from account_links as links
  left join client_names as own on links.client_id = own.client_id
  where links.link_status in ('unlinked', 'confirmed')
)

select *, replace(normal_name, ' ', '') as joined_name
from named
where link_status = 'unlinked' or normal_name <> own_normal_name
