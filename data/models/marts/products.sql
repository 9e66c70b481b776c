-- Every product of every integration.
--
-- @key connection_id, product_id
-- @column connection_id VARCHAR The connection.
-- @column product_id VARCHAR The vendor's id.
-- @column product_name VARCHAR The vendor's name.
-- @column unit VARCHAR What one of it is.
-- @column category VARCHAR The vendor's grouping.
-- @column is_trial BOOLEAN Whether it is a trial or free, and so never billed.
-- @column list_price DECIMAL(18,6) Per unit and month, in the workspace's currency; null if not known.
-- @column unit_cost DECIMAL(18,6) Per unit and month, in the workspace's currency; null if not known.
select connection_id, product_id, product_name, unit, category, is_trial, list_price, unit_cost
from stg_products
