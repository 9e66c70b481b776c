-- Who each seat belongs to: identifiers are compared trimmed and in lower case, a seat without one stands for itself.
-- Whatever counts people asks for distinct pairs of identity_key and lone_seat, so that a person of a cell may as well stand
-- here once. seat_id serves to leave out seats that an exclusion names.
with

identified as (
  select *, nullif(lower(trimmed(identifier)), '') as identity_key
  from stg_seats
)

select
  connection_id,
  account_id,
  product_id,
  coalesce(kind, '') as kind_key,
  status,
  seat_id,
  identity_key,
  case when identity_key is null then text_key(connection_id, account_id, product_id, seat_id) end as lone_seat
from identified
