-- Seats in cells that share everything a rule can look at. All counting is done on cells, so that the seats themselves
-- are read once here, however many rules there are. kind_key is '' where the vendor does not say; unused_seats are those
-- that were inactive or never active, should their vendor report it. cell_id stands for the five columns where cells are joined.
select
  row_number() over () as cell_id,
  seats.connection_id,
  seats.account_id,
  seats.product_id,
  coalesce(seats.kind, '') as kind_key,
  seats.status,
  count(*) as seat_count,
  count(seats.last_activity_at) as seats_with_activity,
  count(
    case
      when
        activity_of(seats.last_activity_at, seats.created_at, settings.as_of_date, settings.inactive_after_days)
          in ('inactive', 'never_active')
        then 1
    end
  ) as unused_seats
from stg_seats as seats
cross join settings
group by seats.connection_id, seats.account_id, seats.product_id, coalesce(seats.kind, ''), seats.status
