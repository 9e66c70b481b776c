-- Every service of the PSA.
--
-- @key service_id
-- @column service_id VARCHAR The PSA's id.
-- @column service_name VARCHAR Its name on invoices.
-- @column category VARCHAR The PSA's grouping.
-- @column unit VARCHAR user, device, licence, mailbox, gb or flat.
-- @column list_price DECIMAL(18,6) Per unit and month, in the workspace's currency; null if not known.
-- @column unit_cost DECIMAL(18,6) Per unit and month, in the workspace's currency; null if not known.
select service_id, service_name, category, unit, list_price, unit_cost
from stg_services
