-- What is billed against what is used: one row per client, service and currency, and one per client, connection and
-- product of usage that no rule covers (discrepancy_type unaccounted).
--
-- @key reconciliation_id
-- @column reconciliation_id VARCHAR Stable id of the row.
-- @column client_id VARCHAR The PSA's id of the client.
-- @column client_name VARCHAR The client's name in the PSA.
-- @column service_id VARCHAR The PSA's id of the service; null for billed lines without one and for unaccounted usage.
-- @column service_name VARCHAR The service's name.
-- @column connection_ids VARCHAR Connections that the count comes from, separated by semicolons; null where nothing is counted.
-- @column product_id VARCHAR The vendor's product; null but for unaccounted usage, whose connection_ids is the one connection.
-- @column product_name VARCHAR Its name.
-- @column currency VARCHAR ISO 4217 code of all money in the row.
-- @column billing_cycle VARCHAR monthly, quarterly, semiannual, annual, one_time, or mixed (then all prices are per month); monthly where nothing is billed.
-- @column period_start DATE First day of the billed period; null where nothing is billed.
-- @column period_end DATE First day after the billed period.
-- @column invoiced_quantity DECIMAL(18,4) Units billed, credits left out; 0 where nothing is billed.
-- @column billed_basis VARCHAR invoice, agreement, or mixed: where the billed quantity comes from; null where nothing is billed.
-- @column included_quantity DECIMAL(18,4) Units that agreements cover without billing them.
-- @column system_count DECIMAL(18,4) Units that the integrations count, before multiplier, minimum, maximum and included units; null where unknown or not compared.
-- @column count_state VARCHAR known, known_zero, stale, partial or no_data; null where nothing is counted.
-- @column expected_quantity DECIMAL(18,4) Units that should be billed, after multiplier, minimum, maximum and included units; null where unknown or not compared.
-- @column delta_quantity DECIMAL(18,4) expected_quantity less invoiced_quantity; null where not compared.
-- @column unit_rate DECIMAL(18,6) Price per unit and billing cycle; null where there is none.
-- @column rate_basis VARCHAR invoice_line or agreement_line (hard values); last_invoiced, price_book, list_price, peer_median or product_list_price (estimates); or none.
-- @column is_rate_estimated BOOLEAN True unless the rate is a hard value of the PSA, or there is none.
-- @column impact_amount DECIMAL(18,2) delta_quantity times unit_rate, per billing cycle; positive is underbilled; null where there is no rate or nothing was compared.
-- @column impact_monthly DECIMAL(18,2) The same per month: what totals and rankings use. Add up each direction by itself.
-- @column status VARCHAR reconciled, discrepancy, no_data (the count is unknown) or not_reconciled (not compared: no service, no rule, or its use is compared in another currency).
-- @column discrepancy_type VARCHAR calculated, estimated, unmapped or unaccounted; null unless status is discrepancy.
-- @column likely_cause VARCHAR sync, client_mapping, service_mapping or billing_gap; null unless status is discrepancy.
-- @column cause_evidence VARCHAR What speaks for the cause, in words.
select
  rows.reconciliation_id,
  rows.client_id,
  clients.client_name,
  rows.service_id,
  services.service_name,
  rows.connection_ids,
  rows.product_id,
  products.product_name,
  rows.currency,
  rows.billing_cycle,
  rows.period_start,
  rows.period_end,
  rows.invoiced_quantity,
  rows.billed_basis,
  rows.included_quantity,
  rows.system_count,
  rows.count_state,
  rows.expected_quantity,
  rows.delta_quantity,
  rows.unit_rate,
  rows.rate_basis,
  rows.is_rate_estimated,
  rows.impact_amount,
  rows.impact_monthly,
  rows.status,
  rows.discrepancy_type,
  causes.likely_cause,
  causes.cause_evidence
from row_amounts as rows
inner join stg_clients as clients on rows.client_id = clients.client_id
left join stg_services as services on rows.service_id = services.service_id
left join stg_products as products
  on rows.product_id = products.product_id and rows.connection_ids = products.connection_id
left join row_causes as causes on rows.reconciliation_id = causes.reconciliation_id
