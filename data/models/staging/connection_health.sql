-- How far each connection can be believed as of now: green, yellow (never synced, older than allowed, or partial) or red
-- (the last attempt failed; the last good data stays in use). Freshness is that of the data, not of the run that read it.
with

attempts as (
  select
    connection_id,
    status,
    started_at,
    error,
    row_number() over (partition by connection_id order by sync_id desc) as recency
  from syncs
),

good as (
  select connection_id, fresh_at, rows_kept, rows_quarantined
  from syncs
  where is_current
),

joined as (
  select
    connections.connection_id,
    connections.connector,
    connections.side,
    good.connection_id is not null as has_data,
    good.fresh_at as last_success_at,
    attempts.started_at as last_attempt_at,
    attempts.error as last_error,
    attempts.status as last_status,
    good.rows_kept,
    coalesce(good.rows_quarantined, 0) as rows_quarantined,
    add_hours(good.fresh_at, settings.stale_after_hours) < settings.as_of as is_old,
    settings.stale_after_hours
  from connections
  cross join settings
  left join good on connections.connection_id = good.connection_id
  left join attempts on connections.connection_id = attempts.connection_id and attempts.recency = 1
),

final as (
  select
    *,
    case
      when last_status = 'failed' then 'red'
      when not has_data then 'yellow'
      when is_old or last_status = 'partial' then 'yellow'
      else 'green'
    end as health,
    case
      when last_status = 'failed' and has_data then 'The last sync failed; the last good data is in use.'
      when last_status = 'failed' then 'The last sync failed and there is no earlier data.'
      when not has_data then 'Never synced.'
      when last_status = 'partial' then 'The last sync could not read everything.'
      when is_old then 'The data is older than ' || cast(stale_after_hours as varchar) || ' hours.'
      else 'The last sync succeeded.'
    end as health_reason
  from joined
)

select * from final
