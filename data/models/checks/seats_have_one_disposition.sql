-- Every seat of the lake belongs to exactly one disposition.
with

given as (
  select connection_id, cast(sum(seat_count) as bigint) as seats from seat_cells group by connection_id
),

disposed as (
  select connection_id, cast(sum(seat_count) as bigint) as seats from seat_groups group by connection_id
)

select given.connection_id, given.seats as lake_seats, disposed.seats as disposed_seats
from given
left join disposed on given.connection_id = disposed.connection_id
where disposed.seats is distinct from given.seats
