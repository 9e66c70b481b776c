-- Clients of the PSA, and those that agreements or invoices name but the client list lacks.
with

named as (
  select client_id from lake_agreements
  union
  select client_id from lake_invoices
),

unlisted as (
  select named.client_id
  from named
  left join lake_clients on named.client_id = lake_clients.client_id
  where lake_clients.client_id is null
),

final as (
  select client_id, client_name, coalesce(status, 'active') as status, parent_client_id, true as is_listed
  from lake_clients
  union all
  select client_id, client_id as client_name, 'active' as status, null as parent_client_id, false as is_listed
  from unlisted
)

select * from final
