-- Every account of every integration with what was decided about it.
--
-- @key connection_id, account_id
-- @column connection_id VARCHAR The connection.
-- @column account_id VARCHAR The vendor's id.
-- @column account_name VARCHAR The vendor's name.
-- @column domain VARCHAR Main domain.
-- @column link_status VARCHAR confirmed, excluded or unlinked.
-- @column client_id VARCHAR The client it is linked to; null unless confirmed.
-- @column note VARCHAR Note of who decided.
-- @column seat_count BIGINT Seats, deleted ones left out; null where they were never read.
select
  links.connection_id,
  links.account_id,
  links.account_name,
  links.domain,
  links.link_status,
  links.client_id,
  links.note,
  case when links.was_read then cast(coalesce(seats.seat_count, 0) as bigint) end as seat_count
from account_links as links
left join (
  select connection_id, account_id, sum(seat_count) as seat_count
  from seat_groups
  where disposition <> 'deleted'
  group by connection_id, account_id
) as seats
  on links.connection_id = seats.connection_id and links.account_id = seats.account_id
