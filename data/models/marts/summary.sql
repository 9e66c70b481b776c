-- The whole workspace in one row per currency. Counts that are not money (unlinked accounts, unaccounted seats and products)
-- are the workspace's and stand in each row.
--
-- @key currency
-- @column as_of TIMESTAMPTZ The instant that everything is worked out for.
-- @column currency VARCHAR ISO 4217.
-- @column clients_total BIGINT Clients with a row in this currency.
-- @column clients_reconciled BIGINT Those without a discrepancy of which something was compared.
-- @column clients_discrepant BIGINT Those with at least one discrepancy.
-- @column clients_uncompared BIGINT Those of which nothing could be compared.
-- @column discrepancy_count BIGINT Rows of status discrepancy.
-- @column underbilled_monthly DECIMAL(18,2) Revenue to recover per month.
-- @column overbilled_monthly DECIMAL(18,2) Credit risk per month, as a positive amount.
-- @column net_monthly DECIMAL(18,2) underbilled_monthly less overbilled_monthly.
-- @column absolute_monthly DECIMAL(18,2) underbilled_monthly plus overbilled_monthly.
-- @column unpriced_count BIGINT Discrepancies without a price.
-- @column coverage_lines DECIMAL(18,6) Share of live billed lines that was compared; null without lines.
-- @column coverage_amount DECIMAL(18,6) The same share of their monthly amount; null where that comes to 0. Credits can bring it above 1 or below 0.
-- @column unlinked_accounts BIGINT Accounts that nobody has decided about.
-- @column unaccounted_seats BIGINT Seats that no rule covers.
-- @column unaccounted_products BIGINT Products in use that no rule covers, be it that only totals of them are known.
-- @column open_count BIGINT Discrepancies on the work list: no decision about them is in force.
-- @column open_underbilled_monthly DECIMAL(18,2) What of underbilled_monthly is on the work list.
-- @column open_overbilled_monthly DECIMAL(18,2) What of overbilled_monthly is on the work list.
-- @column decided_count BIGINT Discrepancies with a decision in force.
-- @column decided_underbilled_monthly DECIMAL(18,2) What of underbilled_monthly is decided.
-- @column decided_overbilled_monthly DECIMAL(18,2) What of overbilled_monthly is decided.
with

totals as (
  select
    currency,
    count(*) as clients_total,
    count(case when discrepancy_count = 0 and reconciled_count > 0 then 1 end) as clients_reconciled,
    count(case when discrepancy_count > 0 then 1 end) as clients_discrepant,
    count(case when discrepancy_count = 0 and reconciled_count = 0 then 1 end) as clients_uncompared,
    sum(discrepancy_count) as discrepancy_count,
    sum(underbilled_monthly) as underbilled_monthly,
    sum(overbilled_monthly) as overbilled_monthly,
    sum(unpriced_count) as unpriced_count,
    sum(open_count) as open_count,
    sum(open_underbilled_monthly) as open_underbilled_monthly,
    sum(open_overbilled_monthly) as open_overbilled_monthly,
    sum(decided_count) as decided_count,
    sum(decided_underbilled_monthly) as decided_underbilled_monthly,
    sum(decided_overbilled_monthly) as decided_overbilled_monthly
  from clients
  group by currency
),

currencies as (
  select currency from totals
  union
  select currency from settings where not exists (select 1 from totals)
),

lines as (
  select
    currency,
    count(*) as line_count,
    count(case when is_compared then 1 end) as compared_lines,
    sum(amount_units(monthly_amount)) as amount_units,
    sum(case when is_compared then amount_units(monthly_amount) else 0 end) as compared_amount_units
  from services_billed
  group by currency
),

products_to_decide as (
  select distinct connection_id, product_id from unaccounted_products
),

work as (
  select
    (select count(*) from products_to_decide) as product_count,
    (select count(*) from account_links where link_status = 'unlinked') as unlinked_accounts,
    (select coalesce(sum(seat_count), 0) from seat_groups where disposition = 'unaccounted') as unaccounted_seats
),

final as (
  select
    settings.as_of,
    currencies.currency,
    coalesce(totals.clients_total, 0) as clients_total,
    coalesce(totals.clients_reconciled, 0) as clients_reconciled,
    coalesce(totals.clients_discrepant, 0) as clients_discrepant,
    coalesce(totals.clients_uncompared, 0) as clients_uncompared,
    cast(coalesce(totals.discrepancy_count, 0) as bigint) as discrepancy_count,
    cast(coalesce(totals.underbilled_monthly, 0) as decimal(18, 2)) as underbilled_monthly,
    cast(coalesce(totals.overbilled_monthly, 0) as decimal(18, 2)) as overbilled_monthly,
    cast(coalesce(totals.underbilled_monthly - totals.overbilled_monthly, 0) as decimal(18, 2)) as net_monthly,
    cast(coalesce(totals.underbilled_monthly + totals.overbilled_monthly, 0) as decimal(18, 2)) as absolute_monthly,
    cast(coalesce(totals.unpriced_count, 0) as bigint) as unpriced_count,
    share_of(lines.compared_lines, lines.line_count) as coverage_lines,
    share_of(lines.compared_amount_units, lines.amount_units) as coverage_amount,
    work.unlinked_accounts,
    cast(work.unaccounted_seats as bigint) as unaccounted_seats,
    cast(work.product_count as bigint) as unaccounted_products,
    cast(coalesce(totals.open_count, 0) as bigint) as open_count,
    cast(coalesce(totals.open_underbilled_monthly, 0) as decimal(18, 2)) as open_underbilled_monthly,
    cast(coalesce(totals.open_overbilled_monthly, 0) as decimal(18, 2)) as open_overbilled_monthly,
    cast(coalesce(totals.decided_count, 0) as bigint) as decided_count,
    cast(coalesce(totals.decided_underbilled_monthly, 0) as decimal(18, 2)) as decided_underbilled_monthly,
    cast(coalesce(totals.decided_overbilled_monthly, 0) as decimal(18, 2)) as decided_overbilled_monthly
  from currencies
  cross join settings
  cross join work
  left join totals on currencies.currency = totals.currency
  left join lines on currencies.currency = lines.currency
)

select * from final
