-- Which rules of a client cover which of its products, whatever they count and whichever kinds they accept.
select
  account_products.connection_id,
  account_products.account_id,
  account_products.product_id,
  account_products.client_id,
  rules.service_id,
  rules.rule_id,
  rules.count_method
from account_products
inner join rule_products
  on account_products.connection_id = rule_products.connection_id
  and account_products.product_id = rule_products.product_id
inner join client_rules as rules
  on account_products.client_id = rules.client_id
  and rule_products.rule_id = rules.rule_id
where account_products.exclusion_reason is null
