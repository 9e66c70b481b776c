-- One row per account and product that seats or counts mention, with what applies to all of it: the client it is linked
-- to, and the reason why it is left out (account excluded, an exclusion, a trial product), if there is one.
with

mentioned as (
  select distinct connection_id, account_id, product_id from seat_cells
  union
  select distinct connection_id, account_id, product_id from stg_counts
),

excluded as (
  select
    mentioned.connection_id,
    mentioned.account_id,
    mentioned.product_id,
    min(exclusions.reason) as reason
  from mentioned
  inner join exclusions_in_force as exclusions
    on mentioned.connection_id = exclusions.connection_id
    and exclusions.seat_id is null
    and (exclusions.account_id is null or exclusions.account_id = mentioned.account_id)
    and (exclusions.product_id is null or exclusions.product_id = mentioned.product_id)
  group by mentioned.connection_id, mentioned.account_id, mentioned.product_id
),

final as (
  select
    mentioned.connection_id,
    mentioned.account_id,
    mentioned.product_id,
    links.client_id,
    case
      when links.link_status = 'excluded' then coalesce('account excluded: ' || links.note, 'account excluded')
      when excluded.reason is not null then excluded.reason
      when products.is_trial then 'trial or free product'
    end as exclusion_reason
  from mentioned
  inner join account_links as links
    on mentioned.connection_id = links.connection_id and mentioned.account_id = links.account_id
  inner join stg_products as products
    on mentioned.connection_id = products.connection_id and mentioned.product_id = products.product_id
  left join excluded
    on mentioned.connection_id = excluded.connection_id
    and mentioned.account_id = excluded.account_id
    and mentioned.product_id = excluded.product_id
)

select * from final
