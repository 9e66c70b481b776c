-- Rows that the sync in use set aside because they did not fit, one by one; they are in no figure. A sync writes down up to
-- 10,000 of a file and fault and counts the others only: integrations has the number of all. Of what stands in a row only the
-- column at fault is shown, and of a vendor's field only a plain value: a whole line or record may hold what Trueup does not
-- read and no page should show, as may the query of a request.
--
-- @key connection_id, row_number
-- @column connection_id VARCHAR The connection.
-- @column row_number BIGINT Its place among the rows that the sync wrote down, from 1.
-- @column table_name VARCHAR The table that lacks it.
-- @column file VARCHAR The file that it stands in, or the request that it answered, without its query.
-- @column line BIGINT The line in that file; null for a vendor's record.
-- @column record_id VARCHAR The vendor's id of the record, and what it is called; null for a row of a file.
-- @column column_name VARCHAR The column or the vendor's field at fault; null where the line or record as a whole is.
-- @column value VARCHAR The first 200 characters of what stands there, {…} or […] for a vendor's field with more in it; null for nothing, and for whole lines and records.
-- @column reason VARCHAR Why it does not fit, and which other columns or fields do not either.
select
  connection_id,
  row_number,
  table_name,
  first_characters(case when line is null then part_before(file, '?') else file end, 200) as file,
  line,
  first_characters(record_id, 200) as record_id,
  first_characters(column_name, 200) as column_name,
  case
    when column_name is null then null
    when line is null and value like '{%' then '{…}'
    when line is null and value like '[%' then '[…]'
    else first_characters(nullif(value, ''), 200)
  end as value,
  first_characters(reason, 200) as reason
from quarantine
