-- Every service mapping rule, in force or not.
--
-- @key rule_id
-- @column rule_id VARCHAR The rule.
-- @column service_id VARCHAR The service that it counts for.
-- @column service_name VARCHAR Its name.
-- @column connection_id VARCHAR The connection that it counts in.
-- @column product_ids VARCHAR Products, separated by semicolons, or *.
-- @column client_id VARCHAR The one client it holds for; null for all.
-- @column kinds VARCHAR Kinds of seat that it accepts; null for all.
-- @column statuses VARCHAR Statuses that it accepts.
-- @column count_method VARCHAR seats, identities, purchased, assigned, active or reported.
-- @column multiplier DECIMAL(18,10) Units per one counted.
-- @column minimum DECIMAL(18,4) Least units; null for none.
-- @column maximum DECIMAL(18,4) Most units; null for none.
-- @column valid_from DATE First day it holds; null where it always did.
-- @column valid_to DATE First day it no longer holds; null where none is set.
-- @column status VARCHAR active or off.
-- @column is_in_force BOOLEAN Active, and today within its validity.
-- @column note VARCHAR Note of who decided.
select
  rules.rule_id,
  rules.service_id,
  services.service_name,
  rules.connection_id,
  rules.product_ids,
  rules.client_id,
  rules.kinds,
  rules.statuses,
  rules.count_method,
  rules.multiplier,
  rules.minimum,
  rules.maximum,
  rules.valid_from,
  rules.valid_to,
  rules.status,
  in_force.rule_id is not null as is_in_force,
  rules.note
from defaulted_rules as rules
left join stg_services as services on rules.service_id = services.service_id
left join rules_in_force as in_force on rules.rule_id = in_force.rule_id
