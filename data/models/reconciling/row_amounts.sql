-- Quantities compared and money worked out, before causes are looked for. Rows of usage that no rule covers are added:
-- their rate is the product's list price, in the workspace's currency.
with

service_rows as (
  select
    row_id(rates.client_id, rates.service_id, rates.currency, null) as reconciliation_id,
    rates.client_id,
    rates.service_id,
    cast(null as varchar) as product_id,
    rates.connection_ids,
    rates.currency,
    rates.billing_cycle,
    rates.months,
    rates.period_start,
    rates.period_end,
    rates.invoiced_quantity,
    rates.billed_basis,
    rates.is_billed,
    rates.included_quantity,
    rates.system_count,
    rates.count_state,
    rates.expected_quantity,
    rates.rate_units,
    rates.rate_basis,
    case
      when not rates.is_compared then 'not_reconciled'
      when rates.count_state = 'no_data' then 'no_data'
      when rates.expected_quantity = rates.invoiced_quantity then 'reconciled'
      else 'discrepancy'
    end as status,
    false as is_unaccounted
  from row_rates as rates
),

unaccounted_rows as (
  select
    row_id(usage.client_id, usage.connection_id, usage.product_id, 'unaccounted') as reconciliation_id,
    usage.client_id,
    cast(null as varchar) as service_id,
    usage.product_id,
    usage.connection_id as connection_ids,
    case when products.list_price is not null then settings.currency else usual.currency end as currency,
    'monthly' as billing_cycle,
    1 as months,
    cast(null as date) as period_start,
    cast(null as date) as period_end,
    cast(0 as decimal(18, 4)) as invoiced_quantity,
    cast(null as varchar) as billed_basis,
    false as is_billed,
    cast(0 as decimal(18, 4)) as included_quantity,
    usage.quantity as system_count,
    case when health.health = 'green' then 'known' else 'stale' end as count_state,
    usage.quantity as expected_quantity,
    price_units(products.list_price) as rate_units,
    case when products.list_price is not null then 'product_list_price' else 'none' end as rate_basis,
    'discrepancy' as status,
    true as is_unaccounted
  from (
    select client_id, connection_id, product_id, cast(sum(quantity) as decimal(18, 4)) as quantity
    from unaccounted_products
    group by client_id, connection_id, product_id
  ) as usage
  cross join settings
  inner join stg_products as products
    on usage.connection_id = products.connection_id and usage.product_id = products.product_id
  inner join usual_currencies as usual on usage.client_id = usual.client_id
  inner join connection_health as health on usage.connection_id = health.connection_id
),

united as (
  select * from service_rows
  union all
  select * from unaccounted_rows
),

compared as (
  select
    *,
    case
      when status in ('reconciled', 'discrepancy') then cast(expected_quantity - invoiced_quantity as decimal(18, 4))
    end as delta_quantity,
    units_to_price(rate_units) as unit_rate,
    rate_basis in ('invoice_line', 'agreement_line') as is_rate_hard,
    rate_basis not in ('invoice_line', 'agreement_line', 'none') as is_rate_estimated
  from united
),

priced as (
  select *, multiply_to_amount(delta_quantity, unit_rate) as impact_amount
  from compared
),

final as (
  select
    *,
    units_to_amount(round_div(amount_units(impact_amount), months)) as impact_monthly,
    case
      when status <> 'discrepancy' then null
      when is_unaccounted then 'unaccounted'
      when not is_billed then 'unmapped'
      when count_state in ('known', 'known_zero') and is_rate_hard then 'calculated'
      else 'estimated'
    end as discrepancy_type
  from priced
)

select * from final
