-- What a client last paid for a service, per currency: the mean price, per month, on the newest posted, sent or paid
-- invoice up to today that gives it a price. Weighted by quantity like the rate of live lines. In twelfths of a millionth.
with

priced as (
  select
    lines.client_id,
    lines.service_id,
    lines.currency,
    lines.invoice_date,
    quantity_units(lines.quantity) as units,
    price_units(lines.unit_price) * whole_div(12, lines.months) as yearly_price_units,
    dense_rank() over (
      partition by lines.client_id, lines.service_id, lines.currency
      order by lines.invoice_date desc, lines.invoice_id desc
    ) as recency
  from stg_invoice_lines as lines
  cross join settings
  where
    lines.has_live_status
    and not lines.is_credit
    and lines.unit_price is not null
    and lines.invoice_date <= settings.as_of_date
),

final as (
  select
    client_id,
    service_id,
    currency,
    max(invoice_date) as invoice_date,
    case
      when sum(units) <> 0 then cast(sum(units * yearly_price_units) as hugeint)
      else cast(sum(yearly_price_units) as hugeint)
    end as yearly_numerator,
    case when sum(units) <> 0 then cast(sum(units) as hugeint) else count(*) end as yearly_denominator
  from priced
  where recency = 1
  group by client_id, service_id, currency
)

select * from final
