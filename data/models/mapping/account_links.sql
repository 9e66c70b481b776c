-- What people decided about each account: confirmed for a client, excluded, or not yet decided (unlinked).
with

mapped as (
  select connection_id, account_id, client_id, status, note
  from mapping_clients
  where status in ('confirmed', 'excluded')
),

final as (
  select
    accounts.connection_id,
    accounts.account_id,
    accounts.account_name,
    accounts.domain,
    coalesce(mapped.status, 'unlinked') as link_status,
    case when mapped.status = 'confirmed' then mapped.client_id end as client_id,
    mapped.note
  from stg_accounts as accounts
  left join mapped
    on accounts.connection_id = mapped.connection_id and accounts.account_id = mapped.account_id
)

select * from final
