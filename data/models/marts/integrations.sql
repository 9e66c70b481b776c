-- Every connection with its health and what it delivered.
--
-- @key connection_id
-- @column connection_id VARCHAR The connection.
-- @column connector VARCHAR What kind of connection it is.
-- @column kind VARCHAR psa or usage.
-- @column health VARCHAR green, yellow or red.
-- @column health_reason VARCHAR Why, in words.
-- @column last_success_at TIMESTAMPTZ As of when its data is true; null if it never synced.
-- @column last_attempt_at TIMESTAMPTZ When a sync was last begun.
-- @column last_error VARCHAR What went wrong then, wholly or for some accounts.
-- @column reports_activity BOOLEAN Whether it says when seats were last used; null for the PSA and where nothing was ever delivered.
-- @column accounts_total BIGINT Accounts that it knows; null, like all numbers of accounts and seats, for the PSA and where nothing was ever delivered.
-- @column accounts_linked BIGINT Those linked to a client.
-- @column accounts_excluded BIGINT Those excluded by decision.
-- @column seats_total BIGINT Seats, deleted ones among them.
-- @column seats_deleted BIGINT Those that the vendor deleted.
-- @column seats_unaccounted BIGINT Seats that no rule covers.
-- @column rows_kept BIGINT Rows in use; null if it never synced.
-- @column rows_quarantined BIGINT Rows set aside because they did not fit.
with

accounts_by_connection as (
  select
    connection_id,
    count(*) as accounts_total,
    count(case when link_status = 'confirmed' then 1 end) as accounts_linked,
    count(case when link_status = 'excluded' then 1 end) as accounts_excluded
  from account_links
  group by connection_id
),

seats_by_connection as (
  select
    connection_id,
    sum(seat_count) as seats_total,
    sum(case when disposition = 'deleted' then seat_count else 0 end) as seats_deleted,
    sum(case when disposition = 'unaccounted' then seat_count else 0 end) as seats_unaccounted
  from seat_groups
  group by connection_id
),

final as (
  select
    health.connection_id,
    health.connector,
    health.side as kind,
    health.health,
    health.health_reason,
    health.last_success_at,
    health.last_attempt_at,
    health.last_error,
    case when health.side = 'usage' and health.has_data then reporting.reports_activity end as reports_activity,
    case when health.side = 'usage' and health.has_data then coalesce(accounts.accounts_total, 0) end as accounts_total,
    case when health.side = 'usage' and health.has_data then coalesce(accounts.accounts_linked, 0) end as accounts_linked,
    case when health.side = 'usage' and health.has_data then coalesce(accounts.accounts_excluded, 0) end as accounts_excluded,
    case
      when health.side = 'usage' and health.has_data then cast(coalesce(seats.seats_total, 0) as bigint)
    end as seats_total,
    case
      when health.side = 'usage' and health.has_data then cast(coalesce(seats.seats_deleted, 0) as bigint)
    end as seats_deleted,
    case
      when health.side = 'usage' and health.has_data then cast(coalesce(seats.seats_unaccounted, 0) as bigint)
    end as seats_unaccounted,
    health.rows_kept,
    health.rows_quarantined
  from connection_health as health
  inner join activity_reporting as reporting on health.connection_id = reporting.connection_id
  left join accounts_by_connection as accounts on health.connection_id = accounts.connection_id
  left join seats_by_connection as seats on health.connection_id = seats.connection_id
)

select * from final
