-- Which covering rules accept each cell of seats: its kind and its status pass.
with

rules_with_kinds as (
  select distinct rule_id from rule_kinds
),

final as (
  select
    cells.cell_id,
    cells.connection_id,
    cells.account_id,
    cells.product_id,
    cells.kind_key,
    cells.status,
    covering.client_id,
    covering.service_id,
    covering.rule_id,
    covering.count_method,
    (rules_with_kinds.rule_id is null or kinds.rule_id is not null) and statuses.rule_id is not null as is_accepted
  from seat_cells as cells
  inner join covering_rules as covering
    on cells.connection_id = covering.connection_id
    and cells.account_id = covering.account_id
    and cells.product_id = covering.product_id
  left join rules_with_kinds on covering.rule_id = rules_with_kinds.rule_id
  left join rule_kinds as kinds on covering.rule_id = kinds.rule_id and cells.kind_key = kinds.kind
  left join rule_statuses as statuses on covering.rule_id = statuses.rule_id and cells.status = statuses.status
  where cells.status <> 'deleted'
)

select * from final
