-- Margin of each client per month and currency, the sum of its rows in margin, and what its unused licences cost. Revenue
-- without a known cost stands apart and is no part of the margin, nor is the cost of what is billed for an unknown amount.
--
-- @key client_id, currency
-- @column client_id VARCHAR The PSA's id of the client.
-- @column client_name VARCHAR The client's name in the PSA.
-- @column currency VARCHAR ISO 4217 code of all money in the row.
-- @column revenue_monthly DECIMAL(18,2) All that is billed, credits taken off; lines without an amount add nothing.
-- @column costed_revenue_monthly DECIMAL(18,2) What of it has a known cost; null where nothing has.
-- @column cost_monthly DECIMAL(18,2) The known costs, but of what is billed for an unknown amount; null where there are none.
-- @column margin_monthly DECIMAL(18,2) costed_revenue_monthly less cost_monthly; null where no cost is known.
-- @column margin_share DECIMAL(18,6) margin_monthly as a share of costed_revenue_monthly; null where that is 0 or null.
-- @column uncosted_revenue_monthly DECIMAL(18,2) Revenue whose cost is not known: no part of the margin.
-- @column uncosted_share DECIMAL(18,6) The same as a share of revenue_monthly; null without revenue.
-- @column not_billed_monthly DECIMAL(18,2) What of the cost bills nothing.
-- @column below_cost_count BIGINT Services billed for less than they cost.
-- @column below_cost_monthly DECIMAL(18,2) By how much.
-- @column unassigned_monthly DECIMAL(18,2) Cost of licences assigned to nobody; null where nothing is known of it.
-- @column unbilled_monthly DECIMAL(18,2) Cost of licences that are purchased and not billed; null where nothing is known of it. The two overlap: never add them.
with

rows_known as (
  select *, margin_state in ('covered', 'below_cost', 'not_billed') as is_known
  from margin_rows
),

licence_totals as (
  select
    client_id,
    currency,
    sum(unassigned_monthly) as unassigned_monthly,
    sum(unbilled_monthly) as unbilled_monthly
  from licences
  group by client_id, currency
),

row_totals as (
  select
    client_id,
    currency,
    sum(coalesce(revenue_monthly, 0)) as revenue_monthly,
    sum(case when is_known then revenue_monthly end) as costed_revenue_monthly,
    sum(case when is_known then cost_monthly end) as cost_monthly,
    sum(case when margin_state = 'cost_unknown' then revenue_monthly else 0 end) as uncosted_revenue_monthly,
    sum(case when margin_state = 'not_billed' then cost_monthly else 0 end) as not_billed_monthly,
    count(case when margin_state = 'below_cost' then 1 end) as below_cost_count,
    sum(case when margin_state = 'below_cost' then cost_monthly - revenue_monthly else 0 end) as below_cost_monthly
  from rows_known
  group by client_id, currency
),

-- A client billed in other currencies only still pays for licences in the workspace's.
keys as (
  select client_id, currency from row_totals
  union
  select client_id, currency from licence_totals where unassigned_monthly > 0 or unbilled_monthly > 0
),

totals as (
  select
    keys.client_id,
    keys.currency,
    coalesce(row_totals.revenue_monthly, 0) as revenue_monthly,
    row_totals.costed_revenue_monthly,
    row_totals.cost_monthly,
    coalesce(row_totals.uncosted_revenue_monthly, 0) as uncosted_revenue_monthly,
    coalesce(row_totals.not_billed_monthly, 0) as not_billed_monthly,
    coalesce(row_totals.below_cost_count, 0) as below_cost_count,
    coalesce(row_totals.below_cost_monthly, 0) as below_cost_monthly,
    licence_totals.unassigned_monthly,
    licence_totals.unbilled_monthly
  from keys
  left join row_totals on keys.client_id = row_totals.client_id and keys.currency = row_totals.currency
  left join licence_totals on keys.client_id = licence_totals.client_id and keys.currency = licence_totals.currency
),

final as (
  select
    totals.client_id,
    clients.client_name,
    totals.currency,
    cast(totals.revenue_monthly as decimal(18, 2)) as revenue_monthly,
    cast(totals.costed_revenue_monthly as decimal(18, 2)) as costed_revenue_monthly,
    cast(totals.cost_monthly as decimal(18, 2)) as cost_monthly,
    cast(totals.costed_revenue_monthly - totals.cost_monthly as decimal(18, 2)) as margin_monthly,
    share_of(
      amount_units(totals.costed_revenue_monthly - totals.cost_monthly), amount_units(totals.costed_revenue_monthly)
    ) as margin_share,
    cast(totals.uncosted_revenue_monthly as decimal(18, 2)) as uncosted_revenue_monthly,
    share_of(amount_units(totals.uncosted_revenue_monthly), amount_units(totals.revenue_monthly)) as uncosted_share,
    cast(totals.not_billed_monthly as decimal(18, 2)) as not_billed_monthly,
    totals.below_cost_count,
    cast(totals.below_cost_monthly as decimal(18, 2)) as below_cost_monthly,
    cast(totals.unassigned_monthly as decimal(18, 2)) as unassigned_monthly,
    cast(totals.unbilled_monthly as decimal(18, 2)) as unbilled_monthly
  from totals
  inner join stg_clients as clients on totals.client_id = clients.client_id
)

select * from final
