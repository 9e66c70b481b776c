-- The seats counted by everything that decides about them: the short form of seats.
--
-- @key connection_id, account_id, product_id, kind, status, disposition
-- @column connection_id VARCHAR The connection.
-- @column account_id VARCHAR The vendor's account.
-- @column client_id VARCHAR The client that the account is linked to; null if it is not.
-- @column product_id VARCHAR The vendor's product.
-- @column kind VARCHAR Kind of seat; null if not said.
-- @column status VARCHAR active, suspended, disabled or deleted.
-- @column disposition VARCHAR deleted, excluded, unlinked, counted, filtered or unaccounted.
-- @column disposition_reason VARCHAR Why, in words.
-- @column rule_id VARCHAR The smallest rule that counts them; null unless counted.
-- @column seat_count BIGINT Number of seats.
with

named as (
  select connection_id, account_id, product_id, kind_key, status, min(reason) as reason, count(*) as seat_count
  from excluded_seats
  group by connection_id, account_id, product_id, kind_key, status
),

-- Seats that an exclusion names are a group of their own only where their cell is not excluded or deleted anyway.
united as (
  select
    connection_id,
    account_id,
    client_id,
    product_id,
    kind_key,
    status,
    disposition,
    disposition_reason,
    rule_id,
    case when disposition in ('deleted', 'excluded') then seat_count else seat_count - named_seats end as seat_count
  from cell_dispositions
  union all
  select
    cells.connection_id,
    cells.account_id,
    cells.client_id,
    cells.product_id,
    cells.kind_key,
    cells.status,
    'excluded' as disposition,
    named.reason as disposition_reason,
    null as rule_id,
    named.seat_count
  from named
  inner join cell_dispositions as cells
    on named.connection_id = cells.connection_id
    and named.account_id = cells.account_id
    and named.product_id = cells.product_id
    and named.kind_key = cells.kind_key
    and named.status = cells.status
  where cells.disposition not in ('deleted', 'excluded')
)

select
  connection_id,
  account_id,
  client_id,
  product_id,
  nullif(kind_key, '') as kind,
  status,
  disposition,
  disposition_reason,
  rule_id,
  cast(seat_count as bigint) as seat_count
from united
where seat_count > 0
