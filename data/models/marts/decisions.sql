-- Every row of mappings/decisions.csv with what has become of it.
--
-- @key decision_id
-- @order client_id, decision_id
-- @column decision_id VARCHAR Stable id of the decision.
-- @column reconciliation_id VARCHAR The discrepancy that it is about; null where that is gone or not compared.
-- @column client_id VARCHAR The client.
-- @column service_id VARCHAR The service; null for a product that no rule covers.
-- @column connection_id VARCHAR The connection of that product.
-- @column product_id VARCHAR That product.
-- @column period VARCHAR The month that it holds for, as 2026-11.
-- @column until_date DATE The last day that it holds for.
-- @column decision VARCHAR bill, credit, accept, dispute or ignore; null where only an owner is named.
-- @column agreed_quantity DECIMAL(18,4) Units that will be billed from now on.
-- @column agreed_amount DECIMAL(18,2) What is billed or credited once.
-- @column agreed_currency VARCHAR Currency of agreed_amount and of the money decided about; null where the row does not say.
-- @column decided_delta_quantity DECIMAL(18,4) The difference that was decided about.
-- @column decided_impact_monthly DECIMAL(18,2) Its money then.
-- @column decision_reason VARCHAR Why.
-- @column owner VARCHAR Who follows it up.
-- @column decided_by VARCHAR Who decided.
-- @column decided_at TIMESTAMPTZ When.
-- @column state VARCHAR in_force, changed, expired, upcoming, assigned (an owner, no decision), settled (the discrepancy is gone) or not_compared (whether it is gone is unknown).
select
  decision_id,
  reconciliation_id,
  client_id,
  service_id,
  connection_id,
  product_id,
  period,
  until_date,
  decision,
  agreed_quantity,
  agreed_amount,
  agreed_currency,
  decided_delta_quantity,
  decided_impact_monthly,
  decision_reason,
  owner,
  decided_by,
  decided_at,
  state
from decision_states
