-- A reconciliation row holds lines of its own currency only.
select rows.reconciliation_id, rows.currency, billed.currency as line_currency
from services_billed as billed
inner join reconciliation as rows on billed.reconciliation_id = rows.reconciliation_id
where billed.currency <> rows.currency
