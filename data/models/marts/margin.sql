-- Revenue of what is billed against the cost of what is used, per month: one row per client, service and currency, and one
-- per client and licence whose cost no service bears. A cost that is not known is null, never 0. What bills nothing has a row
-- only if it is known to cost something.
--
-- @key margin_id
-- @column margin_id VARCHAR Stable id of the row; for a billed service the same as its reconciliation_id.
-- @column client_id VARCHAR The PSA's id of the client.
-- @column client_name VARCHAR The client's name in the PSA.
-- @column service_id VARCHAR The PSA's id of the service; null for billed lines without one and for licences that no service bears.
-- @column service_name VARCHAR The service's name.
-- @column connection_id VARCHAR The connection of a licence that no service bears.
-- @column product_id VARCHAR Its product.
-- @column product_name VARCHAR Its name.
-- @column currency VARCHAR ISO 4217 code of all money in the row.
-- @column is_billed BOOLEAN Whether a live line bills it.
-- @column invoiced_quantity DECIMAL(18,4) Units billed, credits left out.
-- @column used_quantity DECIMAL(18,4) Units that the rules count, included ones with them; of a licence that no service bears the units that cost. Null where nothing is counted, or where the service is billed in two currencies.
-- @column revenue_monthly DECIMAL(18,2) What its lines bill a month, credits taken off; 0 where nothing is billed, null where no line has an amount.
-- @column cost_monthly DECIMAL(18,2) What it costs a month; null if not known.
-- @column cost_basis VARCHAR licence (what distributor or vendor charge), agreement_line or service (the PSA's cost of a unit); null if not known.
-- @column margin_monthly DECIMAL(18,2) revenue_monthly less cost_monthly; null unless both are known.
-- @column margin_share DECIMAL(18,6) margin_monthly as a share of revenue_monthly; null where that is 0 or either is unknown.
-- @column margin_state VARCHAR covered, below_cost, not_billed (costs but bills nothing), cost_unknown, or revenue_unknown whatever it costs.
-- @column costed_products VARCHAR The products that a cost of basis licence comes from, separated by semicolons.
-- @column uncosted_products VARCHAR The products in use whose missing cost makes it unknown; null where one would not help, as what is billed is in another currency.
select
  rows.margin_id,
  rows.client_id,
  clients.client_name,
  rows.service_id,
  services.service_name,
  rows.connection_id,
  rows.product_id,
  products.product_name,
  rows.currency,
  rows.is_billed,
  rows.invoiced_quantity,
  rows.used_quantity,
  rows.revenue_monthly,
  rows.cost_monthly,
  rows.cost_basis,
  cast(rows.revenue_monthly - rows.cost_monthly as decimal(18, 2)) as margin_monthly,
  share_of(amount_units(rows.revenue_monthly - rows.cost_monthly), amount_units(rows.revenue_monthly)) as margin_share,
  rows.margin_state,
  rows.costed_products,
  rows.uncosted_products
from margin_rows as rows
inner join stg_clients as clients on rows.client_id = clients.client_id
left join stg_services as services on rows.service_id = services.service_id
left join stg_products as products
  on rows.connection_id = products.connection_id and rows.product_id = products.product_id
