-- Every discrepancy of every month with its age. It is the same one from month to month by client, service (or product of
-- usage that no rule covers) and currency. Empty while no period is closed.
--
-- @key reconciliation_id, currency, period
-- @column period VARCHAR The month, as 2026-10.
-- @column reconciliation_id VARCHAR The row, the same in every month.
-- @column client_id VARCHAR The PSA's id of the client.
-- @column client_name VARCHAR Its name in that month.
-- @column service_id VARCHAR The PSA's id of the service; null for unaccounted usage.
-- @column service_name VARCHAR Its name.
-- @column connection_ids VARCHAR Connections that the count comes from, separated by semicolons.
-- @column product_id VARCHAR The vendor's product, for unaccounted usage only.
-- @column product_name VARCHAR Its name.
-- @column currency VARCHAR ISO 4217.
-- @column discrepancy_type VARCHAR calculated, estimated, unmapped or unaccounted.
-- @column likely_cause VARCHAR sync, client_mapping, service_mapping or billing_gap.
-- @column delta_quantity DECIMAL(18,4) Units expected less units billed.
-- @column impact_monthly DECIMAL(18,2) What they are worth per month; positive is underbilled; null where there is no price.
-- @column months_open BIGINT For how many months in a row it has been found: 3 is the third month.
-- @column first_period VARCHAR The month that this run began.
-- @column earliest_period VARCHAR The first month it was ever found; before first_period where it was gone in between.
select
  rows.period,
  rows.reconciliation_id,
  rows.client_id,
  rows.client_name,
  rows.service_id,
  rows.service_name,
  rows.connection_ids,
  rows.product_id,
  rows.product_name,
  rows.currency,
  rows.discrepancy_type,
  rows.likely_cause,
  rows.delta_quantity,
  rows.impact_monthly,
  found.months_open,
  found.first_period,
  found.earliest_period
from period_rows as rows
inner join found_rows as found
  on rows.period = found.period
  and rows.reconciliation_id = found.reconciliation_id
  and rows.currency = found.currency
