-- What the marts were made from: the sync in use of each connection, the mapping files and the settings, so that a closed
-- period can say so and later changes show.
--
-- @key kind, name
-- @column kind VARCHAR sync, mapping or settings.
-- @column name VARCHAR The connection, or the file in the workspace.
-- @column fingerprint VARCHAR The id of the sync, or the SHA-256 of the file.
select
  kind,
  name,
  fingerprint
from inputs
