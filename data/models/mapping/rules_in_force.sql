-- Service rules that are active and valid today. One for a service that the PSA no longer has counts nothing.
select
  rules.rule_id,
  rules.service_id,
  rules.connection_id,
  rules.product_ids,
  rules.client_id,
  rules.kinds,
  rules.statuses,
  rules.count_method,
  rules.multiplier,
  rules.minimum,
  rules.maximum
from defaulted_rules as rules
inner join stg_services as services on rules.service_id = services.service_id
cross join settings
where
  rules.status = 'active'
  and (rules.valid_from is null or rules.valid_from <= settings.as_of_date)
  and (rules.valid_to is null or settings.as_of_date < rules.valid_to)
