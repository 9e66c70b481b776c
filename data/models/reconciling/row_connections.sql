-- The connections that a discrepancy's count comes from, one row each.
select distinct rows.reconciliation_id, rows.client_id, rules.connection_id
from row_amounts as rows
inner join client_rules as rules on rows.client_id = rules.client_id and rows.service_id = rules.service_id
where rows.status = 'discrepancy'
union all
select reconciliation_id, client_id, connection_ids as connection_id
from row_amounts
where is_unaccounted
