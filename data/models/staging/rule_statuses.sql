-- One row per rule and accepted status.
select rule_id, lower(trim(status)) as status
from (select rule_id, parts_of(statuses, ';') as status from defaulted_rules) as statuses
where trim(status) <> ''
