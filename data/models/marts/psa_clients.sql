-- Every client of the PSA in one row, whether anything is billed to it or not: join names from here, as clients has a row per
-- currency.
--
-- @key client_id
-- @column client_id VARCHAR The PSA's id.
-- @column client_name VARCHAR Its name.
-- @column status VARCHAR active or inactive.
-- @column parent_client_id VARCHAR The client that it belongs to.
-- @column is_listed BOOLEAN Whether the PSA lists it; false where only an agreement or invoice names it.
select client_id, client_name, status, parent_client_id, is_listed
from stg_clients
