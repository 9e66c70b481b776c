-- One row per rule and accepted kind; a rule without kinds accepts all.
select rule_id, lower(trim(kind)) as kind
from (select rule_id, parts_of(kinds, ';') as kind from defaulted_rules where kinds is not null) as kinds
where trim(kind) <> ''
