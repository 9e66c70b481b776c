-- What each rule counts for each client, by account and product. raw_count is what the source shows; counted_quantity
-- what is left of it after a person or seat has been counted once per service.
with

from_seats as (
  select
    client_id, service_id, rule_id, connection_id, account_id, product_id,
    sum(seat_count) as raw_count,
    sum(seat_count) as counted_quantity
  from counted_cells
  where count_method = 'seats'
  group by client_id, service_id, rule_id, connection_id, account_id, product_id
),

totals as (
  select
    covering.client_id,
    covering.service_id,
    covering.rule_id,
    covering.connection_id,
    covering.account_id,
    covering.product_id,
    counts.quantity,
    row_number() over (
      partition by
        covering.service_id, covering.client_id, covering.connection_id, covering.account_id,
        covering.product_id, covering.count_method
      order by covering.rule_id
    ) as place
  from covering_rules as covering
  inner join stg_counts as counts
    on covering.connection_id = counts.connection_id
    and covering.account_id = counts.account_id
    and covering.product_id = counts.product_id
    and covering.count_method = counts.metric
),

final as (
  select
    client_id, service_id, rule_id, connection_id, account_id, product_id,
    cast(raw_count as decimal(18, 4)) as raw_count,
    cast(counted_quantity as decimal(18, 4)) as counted_quantity
  from from_seats
  union all
  select
    client_id, service_id, rule_id, connection_id, account_id, product_id,
    cast(raw_count as decimal(18, 4)),
    cast(counted_quantity as decimal(18, 4))
  from identity_counts
  union all
  select client_id, service_id, rule_id, connection_id, account_id, product_id, quantity, quantity
  from totals
  where place = 1
)

select * from final
