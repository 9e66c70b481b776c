-- Margin of the whole workspace per month, one row per currency: the sum of its clients in margin_clients.
--
-- @key currency
-- @column currency VARCHAR ISO 4217 code of all money in the row.
-- @column clients_total BIGINT Clients with a row in this currency.
-- @column revenue_monthly DECIMAL(18,2) All that is billed, credits taken off; lines without an amount add nothing.
-- @column costed_revenue_monthly DECIMAL(18,2) What of it has a known cost; null where nothing has.
-- @column cost_monthly DECIMAL(18,2) The known costs, but of what is billed for an unknown amount; null where there are none.
-- @column margin_monthly DECIMAL(18,2) costed_revenue_monthly less cost_monthly; null where no cost is known.
-- @column margin_share DECIMAL(18,6) margin_monthly as a share of costed_revenue_monthly; null where that is 0 or null.
-- @column uncosted_revenue_monthly DECIMAL(18,2) Revenue whose cost is not known: no part of the margin.
-- @column uncosted_share DECIMAL(18,6) The same as a share of revenue_monthly; null without revenue.
-- @column not_billed_monthly DECIMAL(18,2) What of the cost bills nothing.
-- @column below_cost_count BIGINT Services of clients billed for less than they cost.
-- @column below_cost_monthly DECIMAL(18,2) By how much.
-- @column unassigned_monthly DECIMAL(18,2) Cost of licences assigned to nobody; null where nothing is known of it.
-- @column unbilled_monthly DECIMAL(18,2) Cost of licences that are purchased and not billed; null where nothing is known of it. The two overlap: never add them.
with

totals as (
  select
    currency,
    count(*) as clients_total,
    sum(revenue_monthly) as revenue_monthly,
    sum(costed_revenue_monthly) as costed_revenue_monthly,
    sum(cost_monthly) as cost_monthly,
    sum(uncosted_revenue_monthly) as uncosted_revenue_monthly,
    sum(not_billed_monthly) as not_billed_monthly,
    sum(below_cost_count) as below_cost_count,
    sum(below_cost_monthly) as below_cost_monthly,
    sum(unassigned_monthly) as unassigned_monthly,
    sum(unbilled_monthly) as unbilled_monthly
  from margin_clients
  group by currency
),

final as (
  select
    currency,
    clients_total,
    cast(revenue_monthly as decimal(18, 2)) as revenue_monthly,
    cast(costed_revenue_monthly as decimal(18, 2)) as costed_revenue_monthly,
    cast(cost_monthly as decimal(18, 2)) as cost_monthly,
    cast(costed_revenue_monthly - cost_monthly as decimal(18, 2)) as margin_monthly,
    share_of(amount_units(costed_revenue_monthly - cost_monthly), amount_units(costed_revenue_monthly)) as margin_share,
    cast(uncosted_revenue_monthly as decimal(18, 2)) as uncosted_revenue_monthly,
    share_of(amount_units(uncosted_revenue_monthly), amount_units(revenue_monthly)) as uncosted_share,
    cast(not_billed_monthly as decimal(18, 2)) as not_billed_monthly,
    cast(below_cost_count as bigint) as below_cost_count,
    cast(below_cost_monthly as decimal(18, 2)) as below_cost_monthly,
    cast(unassigned_monthly as decimal(18, 2)) as unassigned_monthly,
    cast(unbilled_monthly as decimal(18, 2)) as unbilled_monthly
  from totals
)

select * from final
