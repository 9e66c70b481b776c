-- Which seats stand behind each count: groups of seats that share account, product, kind and status, by the row of
-- reconciliation that counts them. The seats of a group are those of the mart seats with the same values and the disposition
-- counted, or unaccounted for usage that no rule covers. A total that a vendor gives has no seats behind it.
--
-- @key reconciliation_id, connection_id, account_id, product_id, kind, status
-- @order client_id, reconciliation_id, connection_id, account_id, product_id, kind, status
-- @column reconciliation_id VARCHAR The row of reconciliation.
-- @column client_id VARCHAR The client.
-- @column rule_id VARCHAR The rule that counts them; empty for unaccounted usage.
-- @column count_method VARCHAR seats or identities.
-- @column connection_id VARCHAR The connection.
-- @column account_id VARCHAR The vendor's account.
-- @column product_id VARCHAR The vendor's product.
-- @column kind VARCHAR Kind of seat; null if not said.
-- @column status VARCHAR active, suspended or disabled.
-- @column seat_count BIGINT Seats of the group; people of several seats count once under identities.
with

counted as (
  select
    rows.reconciliation_id,
    rows.client_id,
    cells.rule_id,
    cells.count_method,
    cells.connection_id,
    cells.account_id,
    cells.product_id,
    nullif(cells.kind_key, '') as kind,
    cells.status,
    cells.seat_count
  from row_amounts as rows
  inner join counted_cells as cells on rows.client_id = cells.client_id and rows.service_id = cells.service_id
  where rows.status in ('reconciled', 'discrepancy')
),

unaccounted as (
  select
    rows.reconciliation_id,
    rows.client_id,
    '' as rule_id,
    'seats' as count_method,
    cells.connection_id,
    cells.account_id,
    cells.product_id,
    nullif(cells.kind_key, '') as kind,
    cells.status,
    cells.seat_count - cells.named_seats as seat_count
  from row_amounts as rows
  inner join cell_dispositions as cells
    on rows.client_id = cells.client_id
    and rows.connection_ids = cells.connection_id
    and rows.product_id = cells.product_id
  where rows.is_unaccounted and cells.disposition = 'unaccounted'
),

united as (
  select * from counted
  union all
  select * from unaccounted
),

final as (
  select
    reconciliation_id,
    client_id,
    rule_id,
    count_method,
    connection_id,
    account_id,
    product_id,
    kind,
    status,
    cast(seat_count as bigint) as seat_count
  from united
  where seat_count > 0
)

select * from final
