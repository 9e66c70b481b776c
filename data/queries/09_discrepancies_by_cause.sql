-- Discrepancies by likely cause
-- Where to begin: how many differences each cause has, and what they come to, both directions apart.
-- @returns likely_cause, currency, discrepancies, underbilled_monthly, overbilled_monthly, without_price
select likely_cause, currency, count(*) as discrepancies,
  sum(case when impact_monthly > 0 then impact_monthly else 0 end) as underbilled_monthly,
  sum(case when impact_monthly < 0 then -impact_monthly else 0 end) as overbilled_monthly,
  count(case when impact_monthly is null then 1 end) as without_price
from reconciliation
where status = 'discrepancy'
group by likely_cause, currency
order by currency, underbilled_monthly desc, likely_cause
