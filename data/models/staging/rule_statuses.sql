-- One row per rule and accepted status.
select rule_id, lower(trim(status)) as status
from (
  select rule_id, parts_of(coalesce(nullif(trim(statuses), ''), 'active'), ';') as status
  from mapping_services
) as statuses
where trim(status) <> ''
