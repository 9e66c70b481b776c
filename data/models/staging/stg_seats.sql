-- Seats with their defaults.
select
  connection_id,
  account_id,
  product_id,
  seat_id,
  kind,
  display_name,
  identifier,
  coalesce(status, 'active') as status,
  created_at,
  last_activity_at,
  commitment_end
from lake_seats
