-- One row per rule and listed product id, or '*'.
select rule_id, trim(pattern) as pattern
from (select rule_id, parts_of(product_ids, ';') as pattern from defaulted_rules) as patterns
where trim(pattern) <> ''
