-- What somebody has to decide: accounts without a client, and products that clients use but no rule covers.
--
-- @key kind, connection_id, account_id, product_id
-- @column kind VARCHAR unlinked_account or unaccounted_product.
-- @column connection_id VARCHAR The connection.
-- @column account_id VARCHAR The account, for unlinked accounts.
-- @column product_id VARCHAR The product, for unaccounted products.
-- @column name VARCHAR Name of the account or product.
-- @column domain VARCHAR The account's domain.
-- @column seat_count DECIMAL(18,4) Seats waiting for the decision, or units where only totals are known; null where they were never read.
-- @column client_count BIGINT Clients that use the product; null for accounts.
-- @column suggested_client_id VARCHAR The client that fits best; a suggestion never moves money.
-- @column suggested_client_name VARCHAR Its name.
-- @column suggested_service_id VARCHAR The service whose name fits best.
-- @column suggested_service_name VARCHAR Its name.
-- @column score DECIMAL(5,4) How well it fits, 0 to 1; from 0.88 it resembles.
-- @column evidence VARCHAR What speaks for the suggestion.
with

unlinked_seats as (
  select connection_id, account_id, sum(quantity) as seat_count
  from (
    select connection_id, account_id, cast(seat_count as decimal(18, 4)) as quantity
    from seat_groups
    where disposition = 'unlinked'
    union all
    select connection_id, account_id, quantity
    from counts_without_seats
    where client_id is null
  ) as units
  group by connection_id, account_id
),

unlinked as (
  select
    'unlinked_account' as kind,
    links.connection_id,
    links.account_id,
    cast(null as varchar) as product_id,
    links.account_name as name,
    links.domain,
    case when links.was_read then cast(coalesce(seats.seat_count, 0) as decimal(18, 4)) end as seat_count,
    cast(null as bigint) as client_count,
    matches.client_id as suggested_client_id,
    clients.client_name as suggested_client_name,
    cast(null as varchar) as suggested_service_id,
    cast(null as varchar) as suggested_service_name,
    cast(matches.score as decimal(5, 4)) as score,
    matches.evidence
  from account_links as links
  left join unlinked_seats as seats
    on links.connection_id = seats.connection_id and links.account_id = seats.account_id
  left join best_matches as matches
    on links.connection_id = matches.connection_id and links.account_id = matches.account_id and matches.score >= 0.5
  left join stg_clients as clients on matches.client_id = clients.client_id
  where links.link_status = 'unlinked'
),

unaccounted as (
  select
    'unaccounted_product' as kind,
    usage.connection_id,
    cast(null as varchar) as account_id,
    usage.product_id,
    products.product_name as name,
    cast(null as varchar) as domain,
    cast(sum(usage.quantity) as decimal(18, 4)) as seat_count,
    cast(count(distinct usage.client_id) as bigint) as client_count,
    cast(null as varchar) as suggested_client_id,
    cast(null as varchar) as suggested_client_name,
    suggestions.service_id as suggested_service_id,
    suggestions.service_name as suggested_service_name,
    suggestions.score,
    suggestions.evidence
  from unaccounted_products as usage
  inner join stg_products as products
    on usage.connection_id = products.connection_id and usage.product_id = products.product_id
  left join service_suggestions as suggestions
    on usage.connection_id = suggestions.connection_id and usage.product_id = suggestions.product_id
  group by
    usage.connection_id, usage.product_id, products.product_name, suggestions.service_id,
    suggestions.service_name, suggestions.score, suggestions.evidence
)

select * from unlinked
union all
select * from unaccounted
