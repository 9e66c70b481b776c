-- Decisions of earlier months that none of these was closed with, from that of the decision on: each was closed before, or was
-- closed again when what is due was due in another month. What is due by them is due in the month of the run, unless it is due
-- elsewhere. One that was known and had run out then, or was about other figures, is none of them.
with

decided as (
  select reconciliation_id, client_id, service_id, connection_id, product_id, decided_at
  from row_decisions
  where state = 'in_force' and period is null and decided_at is not null
),

closed_without as (
  select decided.reconciliation_id, decided.decided_at, count(*) as months
  from decided
  cross join reconciled_periods as periods
  cross join settings
  left join snapshot_decisions as known
    on periods.period = known.period
    and decided.client_id = known.client_id
    and decided.service_id is not distinct from known.service_id
    and decided.connection_id is not distinct from known.connection_id
    and decided.product_id is not distinct from known.product_id
    and decided.decided_at = known.decided_at
    and known.state <> 'in_force'
  where
    periods.period >= month_of(utc_date(decided.decided_at))
    and periods.period < month_of(settings.as_of_date)
    and known.client_id is null
  group by decided.reconciliation_id, decided.decided_at
),

final as (
  select closed_without.reconciliation_id
  from closed_without
  cross join settings
  where closed_without.months = months_between(utc_date(closed_without.decided_at), settings.as_of_date)
)

select * from final
