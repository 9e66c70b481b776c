/**
 * What billing or crediting a discrepancy comes to once: for the rest of the period, and what of that, or agreed in its stead, is
 * due this month. SQL with a row per `reconciliation_id`; amounts are null where a part has no price, the days where its lines
 * have several periods.
 */
export const restOfPeriods = `
  select reconciliation_id,
    case when count(prorated_amount) = count(*) then sum(prorated_amount) end as prorated_amount,
    case when count(distinct (days_left, days_in_period)) = 1 then min(days_left) end as days_left,
    case when count(distinct (days_left, days_in_period)) = 1 then min(days_in_period) end as days_in_period,
    max(period_end) as period_end,
    case when count(due_amount) = count(*) then sum(due_amount) end as due_amount,
    coalesce(count(agreed_amount) = 0 and sum(due_amount) = 0 and sum(prorated_amount) <> 0, false) as was_due_elsewhere
  from adjustments group by reconciliation_id`;
