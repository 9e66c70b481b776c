-- The one disposition of every cell: the first of deleted, excluded, unlinked, counted, filtered, unaccounted that
-- applies. Seats that an exclusion names leave their cell in excluded_seats.
with

ruled as (
  select
    cell_id,
    min(case when is_accepted then rule_id end) as rule_id,
    min(rule_id) as first_covering_rule_id
  from cell_rules
  group by cell_id
),

named as (
  select
    connection_id,
    account_id,
    product_id,
    kind_key,
    status,
    count(*) as named_seats,
    sum(is_unused) as unused_seats
  from excluded_seats
  group by connection_id, account_id, product_id, kind_key, status
),

final as (
  select
    cells.cell_id,
    cells.connection_id,
    cells.account_id,
    cells.product_id,
    cells.kind_key,
    cells.status,
    account_products.client_id,
    cells.seat_count,
    coalesce(named.named_seats, 0) as named_seats,
    cells.unused_seats - coalesce(named.unused_seats, 0) as unused_seats,
    case
      when cells.status = 'deleted' then 'deleted'
      when account_products.exclusion_reason is not null then 'excluded'
      when account_products.client_id is null then 'unlinked'
      when ruled.rule_id is not null then 'counted'
      when ruled.first_covering_rule_id is not null then 'filtered'
      else 'unaccounted'
    end as disposition,
    case
      when cells.status = 'deleted' then 'deleted at the vendor'
      when account_products.exclusion_reason is not null then account_products.exclusion_reason
      when account_products.client_id is null then 'the account is not linked to a client'
      when ruled.rule_id is not null then 'rule ' || ruled.rule_id
      when ruled.first_covering_rule_id is not null
        then 'rule ' || ruled.first_covering_rule_id || ' does not count '
          || case when cells.status <> 'active' then cells.status || ' seats' else 'this kind of seat' end
      else 'no rule covers this product'
    end as disposition_reason,
    case
      when cells.status <> 'deleted' and account_products.exclusion_reason is null then ruled.rule_id
    end as rule_id
  from seat_cells as cells
  inner join account_products
    on cells.connection_id = account_products.connection_id
    and cells.account_id = account_products.account_id
    and cells.product_id = account_products.product_id
  left join ruled on cells.cell_id = ruled.cell_id
  left join named
    on cells.connection_id = named.connection_id
    and cells.account_id = named.account_id
    and cells.product_id = named.product_id
    and cells.kind_key = named.kind_key
    and cells.status = named.status
)

select * from final
