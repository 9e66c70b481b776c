-- Every line that is billed now: live invoice lines, and agreement lines that no live invoice line stands for.
--
-- @key line_id
-- @column line_id VARCHAR 'invoice:' or 'agreement:' and the PSA's id of the line.
-- @column reconciliation_id VARCHAR The row of reconciliation that the line is part of.
-- @column client_id VARCHAR The client billed.
-- @column service_id VARCHAR The service; null for a line without one.
-- @column service_name VARCHAR Its name.
-- @column agreement_id VARCHAR The agreement, if the export has one.
-- @column agreement_name VARCHAR Its name.
-- @column agreement_line_id VARCHAR The agreement line, if the export has one.
-- @column invoice_id VARCHAR The invoice; null for basis agreement.
-- @column invoice_number VARCHAR The number that the client sees.
-- @column invoice_date DATE The invoice's date.
-- @column description VARCHAR The line's text.
-- @column quantity DECIMAL(18,4) Quantity on the line.
-- @column net_quantity DECIMAL(18,4) What of it counts as billed: less included units, 0 for a credit.
-- @column unit_price DECIMAL(18,6) Price per unit and billing cycle; null if missing.
-- @column amount DECIMAL(18,2) Amount of the line per billing cycle: its own, else quantity times price; null where it has neither.
-- @column monthly_amount DECIMAL(18,2) The same per month; of billing_cycle one_time all of it.
-- @column currency VARCHAR ISO 4217.
-- @column is_credit BOOLEAN Whether it credits or adjusts another line.
-- @column basis VARCHAR invoice or agreement.
-- @column billing_cycle VARCHAR monthly, quarterly, semiannual, annual or one_time.
-- @column period_start DATE First day billed.
-- @column period_end DATE First day after it.
-- @column is_compared BOOLEAN Whether its row was compared with usage.
select
  lines.line_id,
  lines.reconciliation_id,
  lines.client_id,
  lines.service_id,
  services.service_name,
  agreements.agreement_id,
  agreements.agreement_name,
  lines.agreement_line_id,
  lines.invoice_id,
  lines.invoice_number,
  lines.invoice_date,
  lines.description,
  lines.quantity,
  lines.net_quantity,
  lines.unit_price,
  lines.amount,
  lines.monthly_amount,
  lines.currency,
  lines.is_credit,
  lines.basis,
  lines.billing_cycle,
  lines.period_start,
  lines.period_end,
  lines.is_compared
from row_lines as lines
left join stg_services as services on lines.service_id = services.service_id
left join stg_agreements as agreements on lines.agreement_id = agreements.agreement_id
