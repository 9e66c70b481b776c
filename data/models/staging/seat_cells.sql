-- Seats in cells that share everything a rule can look at. All counting is done on cells, so that the seats themselves
-- are read once here, however many rules there are. kind_key is '' where the vendor does not say.
select
  connection_id,
  account_id,
  product_id,
  coalesce(kind, '') as kind_key,
  status,
  count(*) as seat_count,
  count(last_activity_at) as seats_with_activity
from stg_seats
group by connection_id, account_id, product_id, coalesce(kind, ''), status
