-- One row per rule in force and product that it covers; '*' is spelled out over the products of its connection.
select distinct rules.rule_id, rules.connection_id, products.product_id
from rules_in_force as rules
inner join rule_patterns as patterns on rules.rule_id = patterns.rule_id
inner join stg_products as products
  on rules.connection_id = products.connection_id
  and (patterns.pattern = '*' or patterns.pattern = products.product_id)
