-- Revenue of what is billed against the cost of what is used, a month: one row per client, service and currency, and one
-- per client and licence that no service bears. Costs come from the licences behind a service where all of them are
-- known, else from the PSA's cost of a unit, times what was purchased of the one licence behind it, else what the rules
-- count, else what is billed.
with

billed as (
  select
    client_id,
    service_id,
    currency,
    sum(monthly_amount) as revenue_monthly,
    sum(net_quantity) as invoiced_quantity
  from live_billed_lines
  group by client_id, service_id, currency
),

billed_services as (
  select client_id, service_id, count(*) as currencies
  from billed
  where service_id is not null
  group by client_id, service_id
),

used_services as (
  select client_id, service_id from service_licence_costs
  union
  select client_id, service_id from expected_quantities
),

keys as (
  select
    billed.client_id,
    billed.service_id,
    billed.currency,
    billed.revenue_monthly,
    billed.invoiced_quantity,
    true as is_billed,
    -- Licences are paid in the workspace's currency: what they cost says nothing of a service billed in another, or in two.
    coalesce(billed_services.currencies, 1) = 1 and billed.currency = settings.currency as takes_licence_costs,
    coalesce(billed_services.currencies, 1) = 1 as takes_usage
  from billed
  cross join settings
  left join billed_services
    on billed.client_id = billed_services.client_id and billed.service_id = billed_services.service_id
  union all
  select
    used_services.client_id,
    used_services.service_id,
    settings.currency as currency,
    cast(0 as decimal(18, 2)) as revenue_monthly,
    cast(0 as decimal(18, 4)) as invoiced_quantity,
    false as is_billed,
    true as takes_licence_costs,
    true as takes_usage
  from used_services
  cross join settings
  left join billed_services
    on used_services.client_id = billed_services.client_id and used_services.service_id = billed_services.service_id
  where billed_services.client_id is null
),

purchases as (
  select feeds.client_id, feeds.service_id, case when costs.charged_by = 'purchased' then costs.charged end as purchased
  from licence_services as feeds
  inner join licence_costs as costs
    on feeds.client_id = costs.client_id
    and feeds.connection_id = costs.connection_id
    and feeds.product_id = costs.product_id
  where feeds.is_one_to_one
),

costed as (
  select
    keys.*,
    case when keys.takes_usage then purchases.purchased end as purchased,
    case when keys.takes_usage then expected.rule_quantity end as used_quantity,
    coalesce(keys.takes_licence_costs and licences.is_complete, false) as is_licence_cost,
    licences.cost_monthly as licence_cost,
    licences.costed_products,
    licences.uncosted_products,
    coalesce(line_costs.unit_cost, case when not keys.is_billed then services.unit_cost end) as unit_cost,
    coalesce(line_costs.cost_basis, case when not keys.is_billed then 'service' end) as unit_cost_basis
  from keys
  left join expected_quantities as expected
    on keys.client_id = expected.client_id and keys.service_id = expected.service_id
  left join service_licence_costs as licences
    on keys.client_id = licences.client_id and keys.service_id = licences.service_id
  left join purchases
    on keys.client_id = purchases.client_id and keys.service_id = purchases.service_id
  left join line_costs
    on keys.client_id = line_costs.client_id
    and keys.service_id = line_costs.service_id
    and keys.currency = line_costs.currency
  left join stg_services as services on keys.service_id = services.service_id
),

quantified as (
  select
    *,
    coalesce(purchased, used_quantity, invoiced_quantity) as costed_quantity,
    case when purchased is not null then 'purchased' when used_quantity is not null then 'used' else 'billed' end as costed_by
  from costed
),

service_rows as (
  select
    row_id(client_id, service_id, currency, null) as margin_id,
    client_id,
    service_id,
    cast(null as varchar) as connection_id,
    cast(null as varchar) as product_id,
    currency,
    is_billed,
    cast(invoiced_quantity as decimal(18, 4)) as invoiced_quantity,
    used_quantity,
    cast(revenue_monthly as decimal(18, 2)) as revenue_monthly,
    case
      when is_licence_cost then licence_cost
      else multiply_to_amount(cast(costed_quantity as decimal(18, 4)), unit_cost)
    end as cost_monthly,
    case when is_licence_cost then 'licence' else unit_cost_basis end as cost_basis,
    case when not is_licence_cost then unit_cost end as unit_cost,
    case when not is_licence_cost then costed_quantity end as costed_quantity,
    case when not is_licence_cost then costed_by end as costed_by,
    case when is_licence_cost then costed_products end as costed_products,
    case when takes_licence_costs and unit_cost is null then uncosted_products end as uncosted_products,
    takes_licence_costs
  from quantified
),

unborne as (
  select costs.*
  from licence_costs as costs
  left join licence_services as services
    on costs.client_id = services.client_id
    and costs.connection_id = services.connection_id
    and costs.product_id = services.product_id
  where services.client_id is null
),

licence_rows as (
  select
    row_id(unborne.client_id, unborne.connection_id, unborne.product_id, 'licence') as margin_id,
    unborne.client_id,
    cast(null as varchar) as service_id,
    unborne.connection_id,
    unborne.product_id,
    settings.currency as currency,
    false as is_billed,
    cast(0 as decimal(18, 4)) as invoiced_quantity,
    unborne.charged as used_quantity,
    cast(0 as decimal(18, 2)) as revenue_monthly,
    unborne.cost_monthly,
    'licence' as cost_basis,
    unborne.unit_cost,
    unborne.charged as costed_quantity,
    unborne.charged_by as costed_by,
    products.product_name as costed_products,
    cast(null as varchar) as uncosted_products,
    true as takes_licence_costs
  from unborne
  cross join settings
  inner join stg_products as products
    on unborne.connection_id = products.connection_id and unborne.product_id = products.product_id
),

united as (
  select * from service_rows
  union all
  select * from licence_rows
),

final as (
  select
    *,
    case
      when revenue_monthly is null then 'revenue_unknown'
      when cost_monthly is null then 'cost_unknown'
      when not is_billed then 'not_billed'
      when cost_monthly > revenue_monthly then 'below_cost'
      else 'covered'
    end as margin_state
  from united
  where is_billed or cost_monthly > 0
)

select * from final
