-- Accounts of the integrations, and those that seats or counts name but the account list lacks. was_read is false where the
-- account's use could not be read yet.
with

named as (
  select connection_id, account_id from seat_cells
  union
  select connection_id, account_id from lake_counts
),

unlisted as (
  select named.connection_id, named.account_id
  from named
  left join lake_accounts as accounts
    on named.connection_id = accounts.connection_id and named.account_id = accounts.account_id
  where accounts.account_id is null
),

united as (
  select connection_id, account_id, account_name, small_letters(domain) as domain, true as is_listed
  from lake_accounts
  union all
  select connection_id, account_id, account_id as account_name, null as domain, false as is_listed
  from unlisted
),

final as (
  select united.*, unread.account_id is null as was_read
  from united
  left join unread_accounts as unread
    on united.connection_id = unread.connection_id and united.account_id = unread.account_id
)

select * from final
