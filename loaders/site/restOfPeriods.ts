/**
 * What billing or crediting a discrepancy comes to once, for the rest of the period: SQL with a row per `reconciliation_id`. The
 * amount is null where a part of it has no price, the days where its lines have several periods.
 */
export const restOfPeriods = `
  select reconciliation_id,
    case when count(prorated_amount) = count(*) then sum(prorated_amount) end as prorated_amount,
    case when count(distinct (days_left, days_in_period)) = 1 then min(days_left) end as days_left,
    case when count(distinct (days_left, days_in_period)) = 1 then min(days_in_period) end as days_in_period,
    max(period_end) as period_end
  from adjustments group by reconciliation_id`;
