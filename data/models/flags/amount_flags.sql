-- Flags about arithmetic and form: amounts that do not follow from quantity and price, totals below their lines, lines
-- that stand twice, negative lines that credit nothing, parts of a unit.
with

invoice_lines as (
  select * from flaggable_lines where basis = 'invoice'
),

mismatched as (
  select
    'amount_mismatch' as flag_code,
    client_id, service_id, invoice_id, line_id, currency, is_current,
    'The amount of the line is not quantity times price.' as message,
    number_text(quantity) || ' × ' || money_text(unit_price, currency) || ' is not ' || money_text(amount, currency) as evidence,
    abs(amount - multiply_to_amount(quantity, unit_price)) as amount_at_stake
  from invoice_lines
  where abs(amount - multiply_to_amount(quantity, unit_price)) > 0.01
),

invoice_sums as (
  select
    invoice_id,
    sum(billed_amount) as lines_total,
    count(*) as lines,
    count(billed_amount) as lines_with_amount
  from invoice_lines
  group by invoice_id
),

total_mismatched as (
  select
    'total_mismatch' as flag_code,
    invoices.client_id,
    cast(null as varchar) as service_id,
    invoices.invoice_id,
    cast(null as varchar) as line_id,
    invoices.currency,
    invoices.is_current,
    'The total of the invoice is less than its lines add up to.' as message,
    'total ' || money_text(invoices.total, invoices.currency) || ', lines ' || money_text(sums.lines_total, invoices.currency) as evidence,
    cast(sums.lines_total - invoices.total as decimal(18, 2)) as amount_at_stake
  from stg_invoices as invoices
  inner join invoice_sums as sums on invoices.invoice_id = sums.invoice_id
  where sums.lines = sums.lines_with_amount and invoices.total < sums.lines_total
),

duplicates as (
  select
    'duplicate_line' as flag_code,
    later.client_id, later.service_id, later.invoice_id, later.line_id, later.currency, later.is_current,
    'The invoice has the same line twice.' as message,
    'same as line ' || min(earlier.line_id) as evidence,
    cast(later.billed_amount as decimal(18, 2)) as amount_at_stake
  from invoice_lines as later
  inner join invoice_lines as earlier
    on later.invoice_id = earlier.invoice_id
    and later.service_id is not distinct from earlier.service_id
    and later.quantity = earlier.quantity
    and later.unit_price is not distinct from earlier.unit_price
    and earlier.line_id < later.line_id
    and (
      later.agreement_line_id = earlier.agreement_line_id
      or later.description = earlier.description
      or coalesce(later.agreement_line_id, earlier.agreement_line_id, later.description, earlier.description) is null
    )
  where not later.is_credit and not earlier.is_credit
  group by
    later.client_id, later.service_id, later.invoice_id, later.line_id, later.currency, later.is_current,
    later.billed_amount
),

negative as (
  select
    'negative_without_parent' as flag_code,
    client_id, service_id, invoice_id, line_id, currency, is_current,
    'A negative line does not say which line it credits.' as message,
    'quantity ' || number_text(quantity) || coalesce(', amount ' || money_text(billed_amount, currency), '') as evidence,
    cast(abs(billed_amount) as decimal(18, 2)) as amount_at_stake
  from invoice_lines
  where not is_credit and (quantity < 0 or billed_amount < 0)
),

fractional as (
  select
    'fractional_quantity' as flag_code,
    client_id, service_id, invoice_id, line_id, currency, is_current,
    'A part of a ' || unit || ' is billed.' as message,
    'quantity ' || number_text(quantity) as evidence,
    cast(null as decimal(18, 2)) as amount_at_stake
  from flaggable_lines
  where unit not in ('gb', 'flat') and quantity <> floor(quantity)
)

select * from mismatched
union all
select * from total_mismatched
union all
select * from duplicates
union all
select * from negative
union all
select * from fractional
