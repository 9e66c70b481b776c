-- Exclusions that still apply: one applies on its last day and not after it. Blank columns match anything.
select
  exclusions.connection_id,
  exclusions.account_id,
  exclusions.product_id,
  exclusions.seat_id,
  exclusions.reason
from mapping_exclusions as exclusions
cross join settings
where exclusions.expires_on is null or settings.as_of_date <= exclusions.expires_on
