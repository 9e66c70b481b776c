-- The cost of each licence shared among the services that bear it. Each running total is rounded, so that the shares add
-- up to the licence's cost to the cent.
with

placed as (
  select
    services.client_id,
    services.connection_id,
    services.product_id,
    services.service_id,
    amount_units(costs.cost_monthly) as cost_units,
    costs.charged,
    services.weight,
    sum(services.weight) over (
      partition by services.client_id, services.connection_id, services.product_id
    ) as total_weight,
    sum(services.weight) over (
      partition by services.client_id, services.connection_id, services.product_id
      order by services.service_id
      rows between unbounded preceding and current row
    ) as running_weight
  from licence_services as services
  inner join licence_costs as costs
    on services.client_id = costs.client_id
    and services.connection_id = costs.connection_id
    and services.product_id = costs.product_id
  where services.is_bearer
),

final as (
  select
    client_id,
    connection_id,
    product_id,
    service_id,
    charged,
    weight,
    round_div(cost_units * cast(running_weight as hugeint), cast(total_weight as hugeint))
      - round_div(cost_units * cast(running_weight - weight as hugeint), cast(total_weight as hugeint)) as cost_units
  from placed
)

select * from final
