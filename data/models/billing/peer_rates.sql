-- The median monthly price that clients pay for a service by hard values (prices on live lines), per currency, in
-- twelfths of a millionth. A client that needs it has no hard price itself, so nobody is measured against himself.
with

hard as (
  select
    service_id,
    currency,
    line_rate_units * whole_div(12, months) as yearly_price_units,
    row_number() over (
      partition by service_id, currency
      order by line_rate_units * whole_div(12, months)
    ) as place,
    count(*) over (partition by service_id, currency) as places
  from billed_quantities
  where line_rate_units is not null
),

final as (
  select
    service_id,
    currency,
    cast(sum(yearly_price_units) as hugeint) as yearly_numerator,
    count(*) as yearly_denominator
  from hard
  where place = whole_div(places + 1, 2) or place = whole_div(places + 2, 2)
  group by service_id, currency
)

select * from final
