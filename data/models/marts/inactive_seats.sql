-- Seats that cost money and are not used: active seats that are counted, filtered or unaccounted, whose last activity is
-- older than the workspace allows, or that never had any although their vendor reports it.
--
-- @key connection_id, account_id, product_id, seat_id
-- @order client_id, connection_id, account_id, product_id
-- @column client_id VARCHAR The client.
-- @column client_name VARCHAR Its name.
-- @column connection_id VARCHAR The connection.
-- @column account_id VARCHAR The vendor's account.
-- @column product_id VARCHAR The vendor's product.
-- @column product_name VARCHAR Its name.
-- @column seat_id VARCHAR The vendor's id of the seat.
-- @column kind VARCHAR Kind of seat; null if not said.
-- @column display_name VARCHAR Name of the person or device.
-- @column identifier VARCHAR E-mail, user principal name, host name or serial number.
-- @column disposition VARCHAR counted, filtered or unaccounted. Of a counted one services_billed says whether its client is billed for service_id.
-- @column activity_state VARCHAR inactive or never_active.
-- @column last_activity_at TIMESTAMPTZ When it was last used.
-- @column days_inactive INTEGER Days since then; null if never active.
-- @column service_id VARCHAR The service of the smallest rule that counts the seat, and so of monthly_value; null if no rule counts it.
-- @column service_name VARCHAR Its name.
-- @column monthly_value DECIMAL(18,2) Price of one unit per month: the service's, or the product's list price for unaccounted seats; null if unknown. A person with several seats is one unit of a service that counts identities, and has its price on each.
-- @column currency VARCHAR ISO 4217; null without a value.
-- @column commitment_end DATE First day on which the seat can be given back: nothing is saved before; null if not said.
with

-- The conditions besides the state follow from it; they spare the seats in use the joins behind it.
inactive as (
  select seats.*
  from seats
  cross join settings
  where
    seats.activity_state in ('inactive', 'never_active')
    and seats.status = 'active'
    and (seats.last_activity_at is null or seats.days_inactive > settings.inactive_after_days)
),

-- A service that a rule counts is compared in one currency.
service_values as (
  select
    client_id,
    service_id,
    currency,
    units_to_amount(round_div(rate_units, cast(months as hugeint) * 10000)) as monthly_value
  from row_amounts
  where status <> 'not_reconciled'
),

final as (
  select
    inactive.client_id,
    clients.client_name,
    inactive.connection_id,
    inactive.account_id,
    inactive.product_id,
    products.product_name,
    inactive.seat_id,
    inactive.kind,
    inactive.display_name,
    inactive.identifier,
    inactive.disposition,
    inactive.activity_state,
    inactive.last_activity_at,
    inactive.days_inactive,
    rules.service_id,
    services.service_name,
    case
      when inactive.disposition = 'unaccounted'
        then units_to_amount(round_div(price_units(products.list_price), cast(10000 as hugeint)))
      else service_values.monthly_value
    end as monthly_value,
    case
      when inactive.disposition = 'unaccounted'
        then case when products.list_price is not null then settings.currency end
      when service_values.monthly_value is not null then service_values.currency
    end as currency,
    inactive.commitment_end
  from inactive
  cross join settings
  inner join stg_clients as clients on inactive.client_id = clients.client_id
  inner join stg_products as products
    on inactive.connection_id = products.connection_id and inactive.product_id = products.product_id
  left join rules_in_force as rules on inactive.rule_id = rules.rule_id
  left join stg_services as services on rules.service_id = services.service_id
  left join service_values
    on inactive.client_id = service_values.client_id and rules.service_id = service_values.service_id
)

select * from final
