-- Discrepancies by integration
-- Whose counts the differences rest on. One that several integrations count stands with each: do not add the rows up.
-- @returns connection_id, currency, discrepancies, underbilled_monthly, overbilled_monthly, without_price
select connection_id, currency, count(*) as discrepancies,
  sum(case when impact_monthly > 0 then impact_monthly else 0 end) as underbilled_monthly,
  sum(case when impact_monthly < 0 then -impact_monthly else 0 end) as overbilled_monthly,
  count(case when impact_monthly is null then 1 end) as without_price
from (
  select unnest(string_split(connection_ids, ';')) as connection_id, currency, impact_monthly
  from reconciliation
  where status = 'discrepancy'
) as counted
group by connection_id, currency
order by currency, underbilled_monthly desc, connection_id
