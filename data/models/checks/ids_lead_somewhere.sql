-- No mart cites a client, service, line or connection that the lake lacks.
select 'reconciliation.client_id' as problem, rows.client_id as id
from reconciliation as rows
left join stg_clients as clients on rows.client_id = clients.client_id
where clients.client_id is null
union all
select 'reconciliation.service_id', rows.service_id
from reconciliation as rows
left join stg_services as services on rows.service_id = services.service_id
where rows.service_id is not null and services.service_id is null
union all
select 'reconciliation_sources.account_id', sources.account_id
from reconciliation_sources as sources
left join stg_accounts as accounts
  on sources.connection_id = accounts.connection_id and sources.account_id = accounts.account_id
where accounts.account_id is null
union all
select 'services_billed.line_id', billed.line_id
from services_billed as billed
left join lake_invoice_lines as invoice_lines on billed.line_id = 'invoice:' || invoice_lines.invoice_line_id
left join lake_agreement_lines as agreement_lines on billed.line_id = 'agreement:' || agreement_lines.agreement_line_id
where invoice_lines.invoice_line_id is null and agreement_lines.agreement_line_id is null
union all
select 'inactive_seats.client_id', seats.client_id
from inactive_seats as seats
left join stg_clients as clients on seats.client_id = clients.client_id
where clients.client_id is null
