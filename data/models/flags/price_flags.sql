-- Flags about the price of a line: missing, zero, other than its agreement's, below cost, several on one invoice, or
-- changed since the invoice before.
with

priced as (
  select * from flaggable_lines where not is_credit and unit_price is not null
),

missing as (
  select
    'missing_unit_price' as flag_code,
    client_id, service_id, invoice_id, line_id, currency, is_current,
    'The line has no unit price, so its money cannot be checked.' as message,
    'quantity ' || number_text(quantity) || ', no price' as evidence,
    cast(null as decimal(18, 2)) as amount_at_stake
  from flaggable_lines
  where not is_credit and unit_price is null
),

zero as (
  select
    'zero_unit_price' as flag_code,
    client_id, service_id, invoice_id, line_id, currency, is_current,
    'The line is billed at 0: given free.' as message,
    'quantity ' || number_text(quantity) || ' at ' || money_text(unit_price, currency) as evidence,
    cast(null as decimal(18, 2)) as amount_at_stake
  from priced
  where unit_price = 0
),

invoice_prices as (
  select
    client_id, service_id, invoice_id, currency, is_current,
    min(unit_price) as lowest_price,
    max(unit_price) as highest_price
  from priced
  group by client_id, service_id, invoice_id, currency, is_current
),

inconsistent as (
  select
    'inconsistent_unit_price' as flag_code,
    prices.client_id,
    prices.service_id,
    prices.invoice_id,
    cast(null as varchar) as line_id,
    prices.currency,
    prices.is_current,
    'One invoice bills the same service at different prices.' as message,
    'from ' || money_text(prices.lowest_price, prices.currency) || ' to ' || money_text(prices.highest_price, prices.currency) as evidence,
    units_to_amount(
      round_div(
        cast(sum(quantity_units(lines.quantity) * price_units(prices.highest_price - lines.unit_price)) as hugeint),
        cast(100000000 as hugeint)
      )
    ) as amount_at_stake
  from invoice_prices as prices
  inner join priced as lines on prices.invoice_id = lines.invoice_id and prices.service_id = lines.service_id
  where prices.lowest_price < prices.highest_price
  group by
    prices.client_id, prices.service_id, prices.invoice_id, prices.currency, prices.is_current,
    prices.lowest_price, prices.highest_price
),

-- The agreement's price is known as it is today only, so older invoices are not held against it.
differing as (
  select
    'price_differs_from_agreement' as flag_code,
    client_id, service_id, invoice_id, line_id, currency, is_current,
    'The invoice bills another price than the agreement names.' as message,
    'invoice ' || money_text(unit_price, currency) || ', agreement ' || money_text(agreement_unit_price, currency) as evidence,
    abs(multiply_to_amount(quantity, agreement_unit_price - unit_price)) as amount_at_stake
  from priced
  where is_current and agreement_unit_price <> unit_price
),

below_cost as (
  select
    'price_below_cost' as flag_code,
    client_id, service_id, invoice_id, line_id, currency, is_current,
    'The service is sold for less than it costs.' as message,
    'price ' || money_text(unit_price, currency) || ', cost ' || money_text(unit_cost, currency) as evidence,
    multiply_to_amount(quantity, unit_cost - unit_price) as amount_at_stake
  from priced
  where unit_cost > unit_price
),

-- What an invoice asks for one thing: the agreement line where there is one, else the service of the agreement, for as many
-- months. Of several prices the highest.
billed_prices as (
  select
    client_id,
    currency,
    service_id,
    coalesce(agreement_id, '') as agreement_key,
    coalesce(agreement_line_id, '') as agreement_line_key,
    months,
    invoice_id,
    invoice_date,
    max(unit_price) as unit_price
  from priced
  where basis = 'invoice'
  group by
    client_id, currency, service_id, coalesce(agreement_id, ''), coalesce(agreement_line_id, ''), months,
    invoice_id, invoice_date
),

with_previous as (
  select
    *,
    lag(unit_price) over (
      partition by client_id, currency, service_id, agreement_key, agreement_line_key, months
      order by invoice_date, invoice_id
    ) as previous_price
  from billed_prices
),

changed as (
  select
    'price_changed' as flag_code,
    lines.client_id,
    lines.service_id,
    lines.invoice_id,
    lines.line_id,
    lines.currency,
    lines.is_current,
    'The price is not that of the invoice before.' as message,
    'before ' || money_text(prices.previous_price, lines.currency) || ', now ' || money_text(lines.unit_price, lines.currency) as evidence,
    abs(multiply_to_amount(lines.quantity, lines.unit_price - prices.previous_price)) as amount_at_stake
  from priced as lines
  inner join with_previous as prices
    on lines.invoice_id = prices.invoice_id
    and lines.service_id = prices.service_id
    and coalesce(lines.agreement_id, '') = prices.agreement_key
    and coalesce(lines.agreement_line_id, '') = prices.agreement_line_key
    and lines.months = prices.months
  where prices.previous_price <> lines.unit_price
)

select * from missing
union all
select * from zero
union all
select * from inconsistent
union all
select * from differing
union all
select * from below_cost
union all
select * from changed
