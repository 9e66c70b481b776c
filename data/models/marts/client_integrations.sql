-- What each client has in each connection that it is linked to: how much that is is unknown where nothing was ever delivered.
--
-- @key client_id, connection_id
-- @column client_id VARCHAR The client.
-- @column connection_id VARCHAR The connection.
-- @column accounts_linked BIGINT Accounts linked to the client; null, like all numbers, if the connection never synced.
-- @column account_names VARCHAR Their names, separated by semicolons.
-- @column seats_total BIGINT Seats of these accounts; null, like those that follow, if none of them was ever read.
-- @column seats_deleted BIGINT Those that the vendor deleted.
-- @column seats_counted BIGINT Seats that a rule counts.
-- @column seats_filtered BIGINT Seats that a rule covers but does not count.
-- @column seats_excluded BIGINT Seats left out by decision or as trials.
-- @column seats_unaccounted BIGINT Seats that no rule covers.
-- @column last_success_at TIMESTAMPTZ As of when the data is true.
-- @column health VARCHAR green, yellow or red.
with

accounts_by_client as (
  select
    client_id,
    connection_id,
    count(*) as accounts_linked,
    joined(account_name, '; ') as account_names
  from account_links
  where link_status = 'confirmed'
  group by client_id, connection_id
),

seats_by_client as (
  select
    client_id,
    connection_id,
    sum(seat_count) as seats_total,
    sum(case when disposition = 'deleted' then seat_count else 0 end) as seats_deleted,
    sum(case when disposition = 'counted' then seat_count else 0 end) as seats_counted,
    sum(case when disposition = 'filtered' then seat_count else 0 end) as seats_filtered,
    sum(case when disposition = 'excluded' then seat_count else 0 end) as seats_excluded,
    sum(case when disposition = 'unaccounted' then seat_count else 0 end) as seats_unaccounted
  from seat_groups
  where client_id is not null
  group by client_id, connection_id
),

final as (
  select
    linked.client_id,
    linked.connection_id,
    accounts.accounts_linked,
    accounts.account_names,
    case when read.client_id is not null then cast(coalesce(seats.seats_total, 0) as bigint) end as seats_total,
    case when read.client_id is not null then cast(coalesce(seats.seats_deleted, 0) as bigint) end as seats_deleted,
    case when read.client_id is not null then cast(coalesce(seats.seats_counted, 0) as bigint) end as seats_counted,
    case when read.client_id is not null then cast(coalesce(seats.seats_filtered, 0) as bigint) end as seats_filtered,
    case when read.client_id is not null then cast(coalesce(seats.seats_excluded, 0) as bigint) end as seats_excluded,
    case when read.client_id is not null then cast(coalesce(seats.seats_unaccounted, 0) as bigint) end as seats_unaccounted,
    health.last_success_at,
    health.health
  from client_connections as linked
  inner join connection_health as health on linked.connection_id = health.connection_id
  left join read_connections as read
    on linked.client_id = read.client_id and linked.connection_id = read.connection_id
  left join accounts_by_client as accounts
    on linked.client_id = accounts.client_id and linked.connection_id = accounts.connection_id
  left join seats_by_client as seats
    on linked.client_id = seats.client_id and linked.connection_id = seats.connection_id
)

select * from final
