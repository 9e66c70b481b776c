-- What is billed for each licence a month by the services that bear its cost: the whole revenue where it alone stands
-- behind one; where several do, its part in proportion to their cost, if all of them are known. Each running total is rounded,
-- so that the parts add up to the service's revenue to the cent. Null where one of its services cannot be told apart. In the
-- workspace's currency.
with

revenues as (
  select rows.client_id, rows.service_id, amount_units(rows.revenue_monthly) as revenue_units, rows.cost_basis
  from margin_rows as rows
  cross join settings
  where rows.currency = settings.currency
),

billed_abroad as (
  select distinct billed.client_id, billed.service_id
  from billed_quantities as billed
  cross join settings
  where billed.currency <> settings.currency
),

placed as (
  select
    feeds.client_id,
    feeds.connection_id,
    feeds.product_id,
    feeds.licences,
    coalesce(shares.cost_units, 0) as cost_units,
    case
      when billed_abroad.client_id is null then coalesce(revenues.revenue_units, case when revenues.client_id is null then 0 end)
    end as revenue_units,
    revenues.cost_basis,
    sum(coalesce(shares.cost_units, 0)) over (partition by feeds.client_id, feeds.service_id) as total_cost,
    sum(coalesce(shares.cost_units, 0)) over (
      partition by feeds.client_id, feeds.service_id
      order by feeds.connection_id, feeds.product_id
      rows between unbounded preceding and current row
    ) as running_cost
  from licence_services as feeds
  inner join licence_cost_shares as shares
    on feeds.client_id = shares.client_id
    and feeds.connection_id = shares.connection_id
    and feeds.product_id = shares.product_id
    and feeds.service_id = shares.service_id
  left join revenues on feeds.client_id = revenues.client_id and feeds.service_id = revenues.service_id
  left join billed_abroad on feeds.client_id = billed_abroad.client_id and feeds.service_id = billed_abroad.service_id
),

parts as (
  select
    client_id,
    connection_id,
    product_id,
    case
      when licences = 1 then revenue_units
      when revenue_units = 0 then revenue_units
      when cost_basis = 'licence' then
        round_div(revenue_units * cast(running_cost as hugeint), cast(total_cost as hugeint))
        - round_div(revenue_units * cast(running_cost - cost_units as hugeint), cast(total_cost as hugeint))
    end as revenue_units
  from placed
),

final as (
  select
    client_id,
    connection_id,
    product_id,
    case when count(*) = count(revenue_units) then units_to_amount(cast(sum(revenue_units) as hugeint)) end as revenue_monthly
  from parts
  group by client_id, connection_id, product_id
)

select * from final
