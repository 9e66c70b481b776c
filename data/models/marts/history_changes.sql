-- From each month to the next: what was found in either of them, what became of it and why. Its amounts lead from last
-- month's to this month's: previous + appeared + resolved + uncompared + quantity + price, nulls taken as 0. Empty until
-- there are two months.
--
-- @key reconciliation_id, currency, period
-- @column period VARCHAR The month, as 2026-10.
-- @column previous_period VARCHAR The closed period before it.
-- @column reconciliation_id VARCHAR The row, the same in every month.
-- @column client_id VARCHAR The PSA's id of the client.
-- @column client_name VARCHAR Its name.
-- @column service_id VARCHAR The PSA's id of the service; null for unaccounted usage.
-- @column service_name VARCHAR Its name.
-- @column connection_ids VARCHAR Connections that the count comes from, separated by semicolons.
-- @column product_id VARCHAR The vendor's product, for unaccounted usage only.
-- @column product_name VARCHAR Its name.
-- @column currency VARCHAR ISO 4217.
-- @column discrepancy_type VARCHAR Its type, that of the month before where it is gone.
-- @column change_kind VARCHAR new, repeated (nothing changed), changed, turned (from under- to overbilled or back), resolved, or not_compared (gone from sight, not settled).
-- @column reason VARCHAR billed, credited, usage, mapping, price, compared or not_compared; null where nothing changed.
-- @column evidence VARCHAR What speaks for the reason, in words.
-- @column months_open BIGINT For how many months in a row it has been found, or was until the month before.
-- @column first_period VARCHAR The month that this run began.
-- @column earliest_period VARCHAR The first month it was ever found.
-- @column previous_invoiced_quantity DECIMAL(18,4) Units billed the month before.
-- @column invoiced_quantity DECIMAL(18,4) Units billed.
-- @column previous_expected_quantity DECIMAL(18,4) Units that should have been billed the month before; null where not compared.
-- @column expected_quantity DECIMAL(18,4) Units that should be billed; null where not compared.
-- @column previous_unit_rate DECIMAL(18,6) Price per unit and billing cycle the month before; null where there was none.
-- @column unit_rate DECIMAL(18,6) Price per unit and billing cycle; null where there is none.
-- @column previous_impact_monthly DECIMAL(18,2) What it was worth the month before; null where it was not found or has no price.
-- @column impact_monthly DECIMAL(18,2) What it is worth; positive is underbilled; null where it is gone or has no price.
-- @column appeared_monthly DECIMAL(18,2) What came new.
-- @column resolved_monthly DECIMAL(18,2) What was found and is settled, with the opposite sign.
-- @column uncompared_monthly DECIMAL(18,2) What was found and is not compared any more, with the opposite sign.
-- @column quantity_monthly DECIMAL(18,2) What changed because its quantity did, at the earlier price.
-- @column price_monthly DECIMAL(18,2) What changed because its price did.
-- @column settled_monthly DECIMAL(18,2) What of the earlier amount a changed bill took off, without a sign: billed now, or no longer overbilled; null where it had no amount.
-- @column credited_amount DECIMAL(18,2) What invoices of this month credited for it; once, not per month.
with

final as (
  select
    pairs.period,
    pairs.previous_period,
    pairs.reconciliation_id,
    pairs.client_id,
    pairs.client_name,
    pairs.service_id,
    pairs.service_name,
    pairs.connection_ids,
    pairs.product_id,
    pairs.product_name,
    pairs.currency,
    case when pairs.delta_quantity is null then pairs.previous_type else pairs.discrepancy_type end as discrepancy_type,
    pairs.change_kind,
    reasons.reason,
    reasons.evidence,
    pairs.months_open,
    pairs.first_period,
    pairs.earliest_period,
    pairs.previous_invoiced_quantity,
    pairs.invoiced_quantity,
    pairs.previous_expected_quantity,
    pairs.expected_quantity,
    pairs.previous_unit_rate,
    pairs.unit_rate,
    pairs.previous_impact_monthly,
    pairs.impact_monthly,
    units_to_amount(reasons.appeared_effect) as appeared_monthly,
    units_to_amount(reasons.resolved_effect) as resolved_monthly,
    units_to_amount(reasons.uncompared_effect) as uncompared_monthly,
    units_to_amount(reasons.quantity_effect) as quantity_monthly,
    units_to_amount(reasons.price_effect) as price_monthly,
    units_to_amount(reasons.settled_effect) as settled_monthly,
    cast(reasons.credited_amount as decimal(18, 2)) as credited_amount
  from period_pairs as pairs
  inner join change_reasons as reasons
    on pairs.period = reasons.period
    and pairs.reconciliation_id = reasons.reconciliation_id
    and pairs.currency = reasons.currency
)

select * from final
