-- Every price that could stand in for a missing one, with its step on the ladder: last invoiced, the client's price book
-- entry, the global entry, the list price, the median of peers. Per month, as yearly_numerator / yearly_denominator in
-- twelfths of a millionth. client_id is null where the price is the same for every client; since is the day that it is from.
select
  2 as step,
  'last_invoiced' as rate_basis,
  client_id,
  service_id,
  currency,
  invoice_date as since,
  yearly_numerator,
  yearly_denominator
from last_invoiced_rates
union all
select
  case when client_id is not null then 3 else 4 end as step,
  'price_book' as rate_basis,
  client_id,
  service_id,
  currency,
  valid_from as since,
  price_units(unit_price) * 12 as yearly_numerator,
  1 as yearly_denominator
from price_book_rates
union all
select
  5 as step,
  'list_price' as rate_basis,
  null as client_id,
  services.service_id,
  settings.currency as currency,
  cast(null as date) as since,
  price_units(services.list_price) * 12 as yearly_numerator,
  1 as yearly_denominator
from stg_services as services
cross join settings
where services.list_price is not null
union all
select
  6 as step,
  'peer_median' as rate_basis,
  null as client_id,
  service_id,
  currency,
  cast(null as date) as since,
  yearly_numerator,
  yearly_denominator
from peer_rates
