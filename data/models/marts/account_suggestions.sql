-- The clients that fit an account best, up to five: for accounts without a client, and for accounts whose name and domain
-- fit another client far better than their own. A suggestion never moves money.
--
-- @key connection_id, account_id, client_id
-- @column connection_id VARCHAR The connection.
-- @column account_id VARCHAR The vendor's account.
-- @column reason VARCHAR unlinked or doubtful: nobody decided, or the decision looks wrong.
-- @column place BIGINT 1 for the client that fits best.
-- @column client_id VARCHAR The client that it may belong to.
-- @column client_name VARCHAR Its name.
-- @column score DECIMAL(5,4) How well it fits, 0 to 1; from 0.88 it resembles.
-- @column evidence VARCHAR What speaks for it, in words.
with

wanted as (
  select connection_id, account_id, 'unlinked' as reason
  from account_links
  where link_status = 'unlinked'
  union all
  select connection_id, account_id, 'doubtful' as reason
  from doubtful_links
),

ranked as (
  select
    wanted.connection_id,
    wanted.account_id,
    wanted.reason,
    row_number() over (
      partition by matches.connection_id, matches.account_id
      order by matches.score desc, matches.name_score desc, matches.client_id
    ) as place,
    matches.client_id,
    clients.client_name,
    cast(matches.score as decimal(5, 4)) as score,
    matches.evidence
  from wanted
  inner join account_matches as matches
    on wanted.connection_id = matches.connection_id and wanted.account_id = matches.account_id
  inner join stg_clients as clients on matches.client_id = clients.client_id
  where
    not matches.is_own_client
    and matches.score >= 0.5
    and (wanted.reason = 'unlinked' or matches.score >= 0.88)
),

final as (
  select connection_id, account_id, reason, place, client_id, client_name, score, evidence
  from ranked
  where place <= 5
)

select * from final
