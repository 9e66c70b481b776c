-- Every discrepancy with what was decided about it. Only a decision in force takes it off the work list: it comes back when
-- the decision runs out, or when its quantity or its money is not what it was decided about any more.
--
-- @key reconciliation_id
-- @column reconciliation_id VARCHAR The row of reconciliation.
-- @column client_id VARCHAR The PSA's id of the client.
-- @column client_name VARCHAR The client's name in the PSA.
-- @column service_id VARCHAR The service; null for unaccounted usage.
-- @column service_name VARCHAR Its name.
-- @column connection_ids VARCHAR Connections that the count comes from, separated by semicolons.
-- @column product_id VARCHAR The vendor's product, for unaccounted usage only.
-- @column product_name VARCHAR Its name.
-- @column currency VARCHAR ISO 4217 code of all money in the row.
-- @column discrepancy_type VARCHAR calculated, estimated, unmapped or unaccounted.
-- @column likely_cause VARCHAR sync, client_mapping, service_mapping or billing_gap.
-- @column cause_evidence VARCHAR What speaks for the cause, in words.
-- @column invoiced_quantity DECIMAL(18,4) Units billed.
-- @column expected_quantity DECIMAL(18,4) Units that should be billed.
-- @column delta_quantity DECIMAL(18,4) expected_quantity less invoiced_quantity.
-- @column impact_monthly DECIMAL(18,2) What it is worth per month; positive is underbilled; null where there is no rate.
-- @column decision_state VARCHAR open, decided, expired (the decision ran out) or changed (its figures did).
-- @column decision VARCHAR bill, credit, accept, dispute or ignore: what is decided, or was before it came back.
-- @column decision_reason VARCHAR Why.
-- @column agreed_quantity DECIMAL(18,4) Units that will be billed from now on; null means the expected ones.
-- @column agreed_amount DECIMAL(18,2) What is billed or credited once; null means the rest of the period, prorated.
-- @column agreed_currency VARCHAR Currency of agreed_amount and of the money decided about; null where the decision does not say.
-- @column period VARCHAR The month that the decision holds for, as 2026-11.
-- @column until_date DATE The last day that it holds for; with neither it holds until the figures change or a closed month no longer finds it.
-- @column decided_delta_quantity DECIMAL(18,4) The difference that was decided about.
-- @column decided_impact_monthly DECIMAL(18,2) Its money then.
-- @column owner VARCHAR Who follows it up.
-- @column decided_by VARCHAR Who decided.
-- @column decided_at TIMESTAMPTZ When.
-- @column known_since DATE The first day that it is known to have been there; null where nothing says so.
-- @column age_days INTEGER Days since then.
select
  rows.reconciliation_id,
  rows.client_id,
  rows.client_name,
  rows.service_id,
  rows.service_name,
  rows.connection_ids,
  rows.product_id,
  rows.product_name,
  rows.currency,
  rows.discrepancy_type,
  rows.likely_cause,
  rows.cause_evidence,
  rows.invoiced_quantity,
  rows.expected_quantity,
  rows.delta_quantity,
  rows.impact_monthly,
  case decisions.state
    when 'in_force' then 'decided'
    when 'changed' then 'changed'
    when 'expired' then 'expired'
    else 'open'
  end as decision_state,
  decisions.decision,
  decisions.decision_reason,
  decisions.agreed_quantity,
  decisions.agreed_amount,
  decisions.agreed_currency,
  decisions.period,
  decisions.until_date,
  decisions.decided_delta_quantity,
  decisions.decided_impact_monthly,
  decisions.owner,
  decisions.decided_by,
  decisions.decided_at,
  first_known.known_since,
  cast(days_between(first_known.known_since, settings.as_of_date) as integer) as age_days
from reconciliation as rows
cross join settings
left join row_decisions as decisions on rows.reconciliation_id = decisions.reconciliation_id
left join first_known on rows.reconciliation_id = first_known.reconciliation_id
where rows.status = 'discrepancy'
