-- The price book's monthly price for each client, service and currency that has an entry: the client's own entry before
-- the global one, the newest that is already valid, of one day that which names its currency. Global entries have a null client.
with

valid as (
  select
    prices.service_id,
    prices.client_id,
    coalesce(prices.currency, settings.currency) as currency,
    prices.currency is null as is_blank,
    prices.unit_price,
    prices.valid_from
  from mapping_prices as prices
  cross join settings
  where prices.valid_from is null or prices.valid_from <= settings.as_of_date
),

ranked as (
  select
    *,
    row_number() over (
      partition by service_id, client_id, currency
      order by valid_from desc nulls last, is_blank
    ) as recency
  from valid
)

select service_id, client_id, currency, unit_price, valid_from
from ranked
where recency = 1
