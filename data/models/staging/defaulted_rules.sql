-- Rules of the service mapping with their defaults.
select
  rule_id,
  service_id,
  connection_id,
  product_ids,
  client_id,
  kinds,
  coalesce(nullif(trim(statuses), ''), 'active') as statuses,
  coalesce("count", 'seats') as count_method,
  coalesce(multiplier, cast(1 as decimal(18, 10))) as multiplier,
  minimum,
  maximum,
  valid_from,
  valid_to,
  coalesce(status, 'active') as status,
  note
from mapping_services
