-- What an export says that cannot be meant so: references that lead nowhere, invoices whose period ends before it has begun,
-- and those that bill agreement lines of another client, who then seems to be billed nothing. Unlisted parents are kept under
-- their id; lines without an agreement or invoice cannot be placed and are not part of any figure; an invoice without a day
-- bills nothing; what is billed counts for the client of the invoice.
--
-- @key problem, connection_id, table_name, column_name, missing_id
-- @column problem VARCHAR unlisted (kept under its id), unplaced (left out), empty_period (bills nothing) or other_client (of another client's agreement).
-- @column connection_id VARCHAR The connection.
-- @column table_name VARCHAR The table that refers.
-- @column column_name VARCHAR Its column.
-- @column missing_id VARCHAR The id that is missing; of an empty period and another client the invoice's own.
-- @column row_count BIGINT Rows concerned.
-- @column similar_id VARCHAR A listed id that differs from it by case, blanks or what nobody can see alone; null if there is none.
with

unplaced_agreement_lines as (
  select 'unplaced' as problem, lines.connection_id, 'agreement_lines' as table_name, 'agreement_id' as column_name, lines.agreement_id as missing_id
  from lake_agreement_lines as lines
  left join lake_agreements as agreements on lines.agreement_id = agreements.agreement_id
  where agreements.agreement_id is null
),

unplaced_invoice_lines as (
  select 'unplaced', lines.connection_id, 'invoice_lines', 'invoice_id', lines.invoice_id
  from lake_invoice_lines as lines
  left join lake_invoices as invoices on lines.invoice_id = invoices.invoice_id
  where invoices.invoice_id is null
),

unlisted_clients as (
  select 'unlisted', agreements.connection_id, 'agreements', 'client_id', agreements.client_id
  from lake_agreements as agreements
  inner join stg_clients as clients on agreements.client_id = clients.client_id and not clients.is_listed
  union all
  select 'unlisted', invoices.connection_id, 'invoices', 'client_id', invoices.client_id
  from lake_invoices as invoices
  inner join stg_clients as clients on invoices.client_id = clients.client_id and not clients.is_listed
),

unlisted_services as (
  select 'unlisted', lines.connection_id, 'agreement_lines', 'service_id', lines.service_id
  from lake_agreement_lines as lines
  inner join stg_services as services on lines.service_id = services.service_id and not services.is_listed
  union all
  select 'unlisted', lines.connection_id, 'invoice_lines', 'service_id', lines.service_id
  from lake_invoice_lines as lines
  inner join stg_services as services on lines.service_id = services.service_id and not services.is_listed
),

empty_periods as (
  select 'empty_period', connection_id, 'invoices', 'period_end', invoice_id
  from lake_invoices
  where period_end <= period_start
),

billed_to_others as (
  select 'other_client', invoices.connection_id, 'invoice_lines', 'agreement_line_id', lines.invoice_id
  from live_billed_lines as lines
  inner join lake_invoices as invoices on lines.invoice_id = invoices.invoice_id
  inner join stg_agreement_lines as agreement_lines on lines.agreement_line_id = agreement_lines.agreement_line_id
  inner join stg_agreements as agreements on agreement_lines.agreement_id = agreements.agreement_id
  where lines.basis = 'invoice' and lines.client_id <> agreements.client_id
),

references_counted as (
  select problem, connection_id, table_name, column_name, missing_id, count(*) as row_count
  from (
    select * from unplaced_agreement_lines
    union all
    select * from unplaced_invoice_lines
    union all
    select * from unlisted_clients
    union all
    select * from unlisted_services
    union all
    select * from empty_periods
    union all
    select * from billed_to_others
  ) as missing
  group by problem, connection_id, table_name, column_name, missing_id
),

unlisted_usage as (
  select 'unlisted' as problem, cells.connection_id, 'seats' as table_name, 'account_id' as column_name, cells.account_id as missing_id, sum(cells.seat_count) as row_count
  from seat_cells as cells
  inner join stg_accounts as accounts
    on cells.connection_id = accounts.connection_id and cells.account_id = accounts.account_id and not accounts.is_listed
  group by cells.connection_id, cells.account_id
  union all
  select 'unlisted', cells.connection_id, 'seats', 'product_id', cells.product_id, sum(cells.seat_count)
  from seat_cells as cells
  inner join stg_products as products
    on cells.connection_id = products.connection_id and cells.product_id = products.product_id and not products.is_listed
  group by cells.connection_id, cells.product_id
  union all
  select 'unlisted', counts.connection_id, 'counts', 'account_id', counts.account_id, count(*)
  from lake_counts as counts
  inner join stg_accounts as accounts
    on counts.connection_id = accounts.connection_id and counts.account_id = accounts.account_id and not accounts.is_listed
  group by counts.connection_id, counts.account_id
  union all
  select 'unlisted', counts.connection_id, 'counts', 'product_id', counts.product_id, count(*)
  from lake_counts as counts
  inner join stg_products as products
    on counts.connection_id = products.connection_id and counts.product_id = products.product_id and not products.is_listed
  group by counts.connection_id, counts.product_id
),

problems as (
  select problem, connection_id, table_name, column_name, missing_id, cast(row_count as bigint) as row_count
  from references_counted
  union all
  select problem, connection_id, table_name, column_name, missing_id, cast(row_count as bigint)
  from unlisted_usage
),

listed_ids as (
  select connection_id, 'client_id' as column_name, client_id as id from lake_clients
  union all
  select connection_id, 'service_id', service_id from lake_services
  union all
  select connection_id, 'agreement_id', agreement_id from lake_agreements
  union all
  select connection_id, 'invoice_id', invoice_id from lake_invoices
  union all
  select connection_id, 'account_id', account_id from lake_accounts
  union all
  select connection_id, 'product_id', product_id from lake_products
),

similar_ids as (
  select problems.connection_id, problems.column_name, problems.missing_id, min(listed.id) as similar_id
  from problems
  inner join listed_ids as listed
    on problems.connection_id = listed.connection_id
    and problems.column_name = listed.column_name
    and visible_letters(problems.missing_id) = visible_letters(listed.id)
  group by problems.connection_id, problems.column_name, problems.missing_id
)

select
  problems.problem,
  problems.connection_id,
  problems.table_name,
  problems.column_name,
  problems.missing_id,
  problems.row_count,
  alike.similar_id
from problems
left join similar_ids as alike
  on problems.connection_id = alike.connection_id
  and problems.column_name = alike.column_name
  and problems.missing_id = alike.missing_id
