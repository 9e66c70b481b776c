-- Distinct people per service and client over all of the service's identity rules, across connections. Each person is
-- attributed to one source, the first by rule, connection, account and product, so that sources add up to the count.
with

cells as (
  select
    *,
    dense_rank() over (order by service_id, client_id) as group_place,
    dense_rank() over (order by service_id, client_id, rule_id, connection_id, account_id, product_id) as source_place
  from counted_cells
  where count_method = 'identities'
),

people as (
  select
    cells.source_place,
    cells.group_place,
    seats.connection_id,
    seats.account_id,
    seats.product_id,
    seats.seat_id,
    identity_key(seats.identifier) as person
  from seat_identities as seats
  inner join cells
    on seats.connection_id = cells.connection_id
    and seats.account_id = cells.account_id
    and seats.product_id = cells.product_id
    and seats.kind_key = cells.kind_key
    and seats.status = cells.status
  left join excluded_seats as excluded
    on seats.connection_id = excluded.connection_id
    and seats.account_id = excluded.account_id
    and seats.product_id = excluded.product_id
    and seats.seat_id = excluded.seat_id
  where excluded.seat_id is null
),

attributed as (
  select min(source_place) as source_place
  from people
  group by
    group_place,
    person,
    case when person is null then text_key(connection_id, account_id, product_id, seat_id) end
),

counted as (
  select source_place, count(*) as identities
  from attributed
  group by source_place
),

sources as (
  select
    source_place, client_id, service_id, rule_id, connection_id, account_id, product_id,
    sum(seat_count) as seat_count
  from cells
  group by source_place, client_id, service_id, rule_id, connection_id, account_id, product_id
),

final as (
  select
    sources.client_id,
    sources.service_id,
    sources.rule_id,
    sources.connection_id,
    sources.account_id,
    sources.product_id,
    sources.seat_count as raw_count,
    coalesce(counted.identities, 0) as counted_quantity
  from sources
  left join counted on sources.source_place = counted.source_place
)

select * from final
