-- Everything on invoices and agreements that a bookkeeper should look at.
--
-- @key flag_id
-- @column flag_id VARCHAR Stable id of the flag.
-- @column flag_code VARCHAR What is wrong, as price_below_cost; the guide explains every code.
-- @column severity VARCHAR error, warning or info.
-- @column client_id VARCHAR The client.
-- @column client_name VARCHAR Its name.
-- @column service_id VARCHAR The service, where it is about one.
-- @column service_name VARCHAR Its name.
-- @column invoice_id VARCHAR The invoice, where it is about one.
-- @column invoice_number VARCHAR The number that the client sees.
-- @column line_id VARCHAR The PSA's id of the invoice line, or where invoice_id is null of the agreement line; null where it is about none. In services_billed the same line is 'invoice:' or 'agreement:' and this id.
-- @column agreement_id VARCHAR The agreement, where it is about when or in which currency one is billed.
-- @column message VARCHAR What it means, in a sentence.
-- @column evidence VARCHAR The values in question.
-- @column amount_at_stake DECIMAL(18,2) Money at stake once, not per month; negative only where it is about lines of negative quantity; null where it cannot be computed. Several flags may be about the same money: never add them.
-- @column currency VARCHAR ISO 4217.
-- @column is_current BOOLEAN Whether it concerns what is billed now rather than an earlier invoice.
with

united as (
  select *, cast(null as varchar) as agreement_id from price_flags
  union all
  select *, cast(null as varchar) as agreement_id from amount_flags
  union all
  select * from period_flags
),

final as (
  select
    row_id(
      united.flag_code,
      united.invoice_id,
      coalesce(united.line_id, case when invoices.agreement_id is null then united.agreement_id end),
      united.service_id
    ) as flag_id,
    united.flag_code,
    codes.severity,
    united.client_id,
    clients.client_name,
    united.service_id,
    services.service_name,
    united.invoice_id,
    invoices.invoice_number,
    united.line_id,
    united.agreement_id,
    united.message,
    united.evidence,
    united.amount_at_stake,
    united.currency,
    united.is_current
  from united
  inner join flag_codes as codes on united.flag_code = codes.flag_code
  inner join stg_clients as clients on united.client_id = clients.client_id
  left join stg_services as services on united.service_id = services.service_id
  left join stg_invoices as invoices on united.invoice_id = invoices.invoice_id
)

select * from final
