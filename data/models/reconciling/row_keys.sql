-- The rows of the reconciliation: one per client, service and currency that is billed, and one per client and service that
-- is used but not billed at all. The usage of a service billed in two currencies is compared in the one with the larger
-- quantity. The currency of a row with nothing billed is not decided here.
with

billed as (
  select
    quantities.*,
    row_number() over (
      partition by client_id, service_id
      order by invoiced_quantity desc, currency
    ) as currency_place
  from billed_quantities as quantities
),

-- Null services stay rows of their own: nothing is equal to them.
compared_currencies as (
  select client_id, service_id, currency
  from billed
  where currency_place = 1
),

comparable as (
  select
    compared_currencies.client_id,
    compared_currencies.service_id,
    compared_currencies.currency,
    expected.client_id is not null as is_compared,
    expected.connection_ids,
    expected.count_state,
    coalesce(expected.included_quantity, included.included_quantity) as included_quantity,
    expected.system_count,
    expected.expected_quantity
  from compared_currencies
  left join expected_quantities as expected
    on compared_currencies.client_id = expected.client_id
    and compared_currencies.service_id = expected.service_id
  left join included_quantities as included
    on compared_currencies.client_id = included.client_id
    and compared_currencies.service_id = included.service_id
),

billed_rows as (
  select
    billed.client_id,
    billed.service_id,
    billed.currency,
    true as is_billed,
    coalesce(comparable.is_compared, false) as is_compared,
    billed.invoiced_quantity,
    billed.billed_basis,
    billed.billing_cycle,
    billed.months,
    billed.period_start,
    billed.period_end,
    billed.line_rate_units,
    billed.line_rate_basis,
    comparable.connection_ids,
    comparable.count_state,
    cast(coalesce(comparable.included_quantity, 0) as decimal(18, 4)) as included_quantity,
    comparable.system_count,
    comparable.expected_quantity
  from billed
  left join comparable
    on billed.client_id = comparable.client_id
    and billed.service_id = comparable.service_id
    and billed.currency = comparable.currency
),

unbilled_rows as (
  select
    expected.client_id,
    expected.service_id,
    cast(null as varchar) as currency,
    false as is_billed,
    true as is_compared,
    cast(0 as decimal(18, 4)) as invoiced_quantity,
    cast(null as varchar) as billed_basis,
    'monthly' as billing_cycle,
    1 as months,
    cast(null as date) as period_start,
    cast(null as date) as period_end,
    cast(null as hugeint) as line_rate_units,
    cast(null as varchar) as line_rate_basis,
    expected.connection_ids,
    expected.count_state,
    expected.included_quantity,
    expected.system_count,
    expected.expected_quantity
  from expected_quantities as expected
  left join billed on expected.client_id = billed.client_id and expected.service_id = billed.service_id
  where billed.client_id is null and expected.expected_quantity > 0
)

select * from billed_rows
union all
select * from unbilled_rows
