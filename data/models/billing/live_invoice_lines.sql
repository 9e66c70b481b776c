-- Lines of posted, sent or paid invoices whose period contains today. Credits are among them: they change what is billed
-- in money, never in quantity.
select *
from stg_invoice_lines
where has_live_status and is_current
