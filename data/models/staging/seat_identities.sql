-- Whom each seat belongs to, as far as its vendor says. Whatever counts people compares the identity_key of identifiers, and
-- takes a seat without one for a person of its own; it works that out for the seats that it counts, since for all it takes
-- longer than to read them. seat_id serves to tell such seats apart, and to leave out seats that an exclusion names.
select
  connection_id,
  account_id,
  product_id,
  coalesce(kind, '') as kind_key,
  status,
  seat_id,
  identifier
from stg_seats
