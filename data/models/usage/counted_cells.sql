-- For each service the one rule under which a cell of seats is counted, among the rules that count seats or identities:
-- a service counts a seat once, under the smallest rule id.
with

ranked as (
  select
    cell_rules.*,
    row_number() over (
      partition by cell_rules.service_id, cell_rules.client_id, cell_rules.cell_id
      order by cell_rules.rule_id
    ) as place
  from cell_rules
  where cell_rules.is_accepted and cell_rules.count_method in ('seats', 'identities')
),

final as (
  select
    ranked.client_id,
    ranked.service_id,
    ranked.rule_id,
    ranked.count_method,
    ranked.connection_id,
    ranked.account_id,
    ranked.product_id,
    ranked.kind_key,
    ranked.status,
    dispositions.seat_count - dispositions.named_seats as seat_count
  from ranked
  inner join cell_dispositions as dispositions on ranked.cell_id = dispositions.cell_id
  where ranked.place = 1
)

select * from final
