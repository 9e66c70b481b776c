-- Every seat of every integration with its one disposition and its activity. Names are in psa_clients, accounts and products.
--
-- @key connection_id, account_id, product_id, seat_id
-- @order client_id, connection_id, account_id, product_id
-- @column connection_id VARCHAR The connection that the seat comes from.
-- @column account_id VARCHAR The vendor's account.
-- @column client_id VARCHAR The client that the account is linked to; null if it is not.
-- @column product_id VARCHAR The vendor's product.
-- @column seat_id VARCHAR The vendor's id of the seat.
-- @column kind VARCHAR user, device, mailbox, shared_mailbox, server, workstation, backup or other; null if not said.
-- @column display_name VARCHAR Name of the person or device.
-- @column identifier VARCHAR E-mail, user principal name, host name or serial number.
-- @column status VARCHAR active, suspended, disabled or deleted.
-- @column created_at TIMESTAMPTZ When the seat was made; null if not said.
-- @column last_activity_at TIMESTAMPTZ When it was last used; null means never or not reported, see activity_state.
-- @column disposition VARCHAR deleted, excluded, unlinked, counted, filtered or unaccounted.
-- @column disposition_reason VARCHAR Why, in words.
-- @column rule_id VARCHAR The smallest rule that counts it; null unless counted. Several services may count a seat: counted_groups has them all.
-- @column activity_state VARCHAR active, inactive, never_active, new (made lately and not used yet), unknown (not reported), shared_mailbox (nobody signs in to it), or not_assessed (its status is not active, or it is unlinked or excluded).
-- @column days_inactive INTEGER Days from the last activity to the day of the run, negative where it was used after that day; null where there is none.
-- @column commitment_end DATE First day on which the seat can be given back; null if not said.
select
  applied.connection_id,
  applied.account_id,
  applied.client_id,
  applied.product_id,
  seats.seat_id,
  applied.kind,
  seats.display_name,
  seats.identifier,
  applied.status,
  seats.created_at,
  seats.last_activity_at,
  applied.disposition,
  applied.disposition_reason,
  applied.rule_id,
  case
    when applied.activity_state is not null then applied.activity_state
    else activity_of(seats.last_activity_at, seats.created_at, settings.as_of_date, settings.inactive_after_days)
  end as activity_state,
  cast(days_between(utc_date(seats.last_activity_at), settings.as_of_date) as integer) as days_inactive,
  seats.commitment_end
from stg_seats as seats
cross join settings
left join excluded_seats as named
  on seats.connection_id = named.connection_id
  and seats.account_id = named.account_id
  and seats.product_id = named.product_id
  and seats.seat_id = named.seat_id
inner join seat_dispositions as applied
  on seats.connection_id = applied.connection_id
  and seats.account_id = applied.account_id
  and seats.product_id = applied.product_id
  and coalesce(seats.kind, '') = applied.kind_key
  and seats.status = applied.status
  and coalesce(named.reason, '') = applied.named_reason
