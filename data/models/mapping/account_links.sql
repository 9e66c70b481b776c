-- What people decided about each account: confirmed for a client, excluded, or not yet decided (unlinked).
with

decisions as (
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
    coalesce(decisions.status, 'unlinked') as link_status,
    case when decisions.status = 'confirmed' then decisions.client_id end as client_id,
    decisions.note
  from stg_accounts as accounts
  left join decisions
    on accounts.connection_id = decisions.connection_id and accounts.account_id = decisions.account_id
)

select * from final
