-- How each system count was derived: one row per reconciliation row, rule, connection, account and product. The
-- counted_quantity of a row's sources adds up to its system_count. A row that counts nothing may have no source, one that counts
-- in several places has several: add up money in reconciliation, not over a join.
--
-- @key reconciliation_id, rule_id, connection_id, account_id, product_id
-- @column reconciliation_id VARCHAR The row of reconciliation.
-- @column rule_id VARCHAR The rule that counts; empty for unaccounted usage.
-- @column connection_id VARCHAR The connection counted.
-- @column account_id VARCHAR The vendor's account.
-- @column product_id VARCHAR The vendor's product.
-- @column count_method VARCHAR seats, identities, purchased, assigned, active or reported.
-- @column raw_count DECIMAL(18,4) What the source shows.
-- @column counted_quantity DECIMAL(18,4) What of it counts: a person or seat counts once per service.
-- @column last_synced_at TIMESTAMPTZ As of when the source is true.
with

ruled as (
  select
    rows.reconciliation_id,
    counts.rule_id,
    counts.connection_id,
    counts.account_id,
    counts.product_id,
    rules.count_method,
    counts.raw_count,
    counts.counted_quantity
  from row_amounts as rows
  inner join rule_counts as counts on rows.client_id = counts.client_id and rows.service_id = counts.service_id
  inner join rule_states as rules
    on counts.client_id = rules.client_id
    and counts.service_id = rules.service_id
    and counts.rule_id = rules.rule_id
  where rows.status <> 'not_reconciled' and rules.rule_state <> 'no_data'
),

unaccounted as (
  select
    rows.reconciliation_id,
    '' as rule_id,
    usage.connection_id,
    usage.account_id,
    usage.product_id,
    usage.count_method,
    usage.quantity as raw_count,
    usage.quantity as counted_quantity
  from row_amounts as rows
  inner join unaccounted_products as usage
    on rows.client_id = usage.client_id
    and rows.connection_ids = usage.connection_id
    and rows.product_id = usage.product_id
  where rows.is_unaccounted
),

united as (
  select * from ruled
  union all
  select * from unaccounted
),

final as (
  select
    united.reconciliation_id,
    united.rule_id,
    united.connection_id,
    united.account_id,
    united.product_id,
    united.count_method,
    united.raw_count,
    united.counted_quantity,
    health.last_success_at as last_synced_at
  from united
  inner join connection_health as health on united.connection_id = health.connection_id
)

select * from final
