-- Seats that an exclusion names one by one. Exclusions of whole accounts and products work on cells instead.
select
  seats.connection_id,
  seats.account_id,
  seats.product_id,
  seats.seat_id,
  coalesce(seats.kind, '') as kind_key,
  seats.status,
  min(exclusions.reason) as reason,
  max(
    case
      when
        activity_of(seats.last_activity_at, seats.created_at, settings.as_of_date, settings.inactive_after_days)
          in ('inactive', 'never_active')
        then 1
      else 0
    end
  ) as is_unused
from stg_seats as seats
cross join settings
inner join exclusions_in_force as exclusions
  on seats.connection_id = exclusions.connection_id
  and seats.seat_id = exclusions.seat_id
where
  (exclusions.account_id is null or exclusions.account_id = seats.account_id)
  and (exclusions.product_id is null or exclusions.product_id = seats.product_id)
group by seats.connection_id, seats.account_id, seats.product_id, seats.seat_id, seats.kind, seats.status
