-- The unit rate of every row per row cycle, in millionths: the mean of its own lines, else the first step of the ladder
-- that has a price. A row with nothing billed takes its currency from the rate, else it is the client's usual one.
with

needing as (
  select rows.client_id, rows.service_id, rows.currency, rows.is_billed
  from row_keys as rows
  where rows.line_rate_units is null
),

-- Prices of clients and those for all apart: joined by the service alone, every client would be held against every other's.
candidates as (
  select
    needing.client_id,
    needing.service_id,
    needing.currency,
    rates.step,
    rates.rate_basis,
    rates.currency as rate_currency,
    rates.since,
    rates.yearly_numerator,
    rates.yearly_denominator
  from needing
  inner join fallback_rates as rates on needing.service_id = rates.service_id and needing.client_id = rates.client_id
  where not needing.is_billed or needing.currency = rates.currency
  union all
  select
    needing.client_id,
    needing.service_id,
    needing.currency,
    rates.step,
    rates.rate_basis,
    rates.currency as rate_currency,
    rates.since,
    rates.yearly_numerator,
    rates.yearly_denominator
  from needing
  inner join fallback_rates as rates on needing.service_id = rates.service_id and rates.client_id is null
  where not needing.is_billed or needing.currency = rates.currency
),

ranked as (
  select
    candidates.client_id,
    candidates.service_id,
    candidates.currency,
    candidates.rate_basis,
    candidates.rate_currency,
    candidates.yearly_numerator,
    candidates.yearly_denominator,
    row_number() over (
      partition by candidates.client_id, candidates.service_id, candidates.currency
      order by
        candidates.step,
        candidates.since desc nulls last,
        case when candidates.rate_currency = usual.currency then 0 else 1 end,
        case when candidates.rate_currency = settings.currency then 0 else 1 end,
        candidates.rate_currency
    ) as place
  from candidates
  cross join settings
  inner join usual_currencies as usual on candidates.client_id = usual.client_id
),

final as (
  select
    rows.client_id,
    rows.service_id,
    coalesce(rows.currency, ranked.rate_currency, usual.currency) as currency,
    rows.is_billed,
    rows.is_compared,
    rows.invoiced_quantity,
    rows.billed_basis,
    rows.billing_cycle,
    rows.months,
    rows.period_start,
    rows.period_end,
    rows.connection_ids,
    rows.count_state,
    rows.included_quantity,
    rows.system_count,
    rows.expected_quantity,
    coalesce(
      rows.line_rate_units,
      round_div(cast(ranked.yearly_numerator as hugeint) * rows.months, cast(ranked.yearly_denominator as hugeint) * 12)
    ) as rate_units,
    coalesce(rows.line_rate_basis, ranked.rate_basis, 'none') as rate_basis
  from row_keys as rows
  inner join usual_currencies as usual on rows.client_id = usual.client_id
  left join ranked
    on rows.client_id = ranked.client_id
    and rows.service_id = ranked.service_id
    and rows.currency is not distinct from ranked.currency
    and ranked.place = 1
)

select * from final
