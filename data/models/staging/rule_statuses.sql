-- One row per rule and accepted status.
select rule_id, lower(trim(status)) as status
from (select rule_id, parts_of(statuses, ';') as status from stg_service_rules) as statuses
where trim(status) <> ''
