-- The currency that a client is usually billed in: that of most live lines, else of most agreements, else of most
-- invoices, then by code; the workspace's for a client with none of them.
with

votes as (
  select client_id, currency, count(*) as lines, 0 as agreements, 0 as invoices
  from live_billed_lines
  group by client_id, currency
  union all
  select client_id, currency, 0, count(*), 0
  from stg_agreements
  group by client_id, currency
  union all
  select client_id, currency, 0, 0, count(*)
  from stg_invoices
  group by client_id, currency
),

tallied as (
  select client_id, currency, sum(lines) as lines, sum(agreements) as agreements, sum(invoices) as invoices
  from votes
  group by client_id, currency
),

ranked as (
  select
    client_id,
    currency,
    row_number() over (
      partition by client_id
      order by lines desc, agreements desc, invoices desc, currency
    ) as preference
  from tallied
),

final as (
  select clients.client_id, coalesce(ranked.currency, settings.currency) as currency
  from stg_clients as clients
  cross join settings
  left join ranked on clients.client_id = ranked.client_id and ranked.preference = 1
)

select * from final
