-- For each account whose client must be looked for, the client that fits best.
with

ranked as (
  select
    *,
    row_number() over (
      partition by connection_id, account_id
      order by score desc, name_score desc, client_id
    ) as place
  from account_matches
  where score > 0 and not is_own_client
)

select connection_id, account_id, client_id, score, evidence
from ranked
where place = 1
