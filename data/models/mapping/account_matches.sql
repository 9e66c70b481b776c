-- Every account whose client must be looked for against every candidate client, with a score from 0 to 1 and what speaks
-- for it. A domain known for the client counts 0.95 at least; for the client that an account is linked to already, the
-- domain must be known from another account.
with

by_name as (
  select
    accounts.connection_id,
    accounts.account_id,
    accounts.domain,
    clients.client_id,
    accounts.client_id is not distinct from clients.client_id as is_own_client,
    scores.score,
    case
      when accounts.normal_name <> clients.normal_name then scores.evidence
      when small_letters(accounts.account_name) = small_letters(clients.client_name) then scores.evidence
      when plain_name(accounts.account_name) = plain_name(clients.client_name) then 'same name but for accents or punctuation'
      else 'same name but for the legal form'
    end as evidence
  from account_names as accounts
  inner join name_scores as scores on accounts.normal_name = scores.account_name
  inner join client_names as clients on scores.client_name = clients.normal_name
),

by_domain as (
  select accounts.connection_id, accounts.account_id, domains.client_id
  from account_names as accounts
  inner join client_domains as domains on accounts.domain = domains.domain
  where accounts.client_id is distinct from domains.client_id or domains.accounts > 1
),

final as (
  select
    by_name.connection_id,
    by_name.account_id,
    by_name.client_id,
    by_name.is_own_client,
    by_name.score as name_score,
    case
      when by_domain.client_id is not null then greatest(by_name.score, cast(0.95 as decimal(5, 4)))
      else by_name.score
    end as score,
    case
      when by_domain.client_id is not null and by_name.score > 0 then 'same domain ' || by_name.domain || '; ' || by_name.evidence
      when by_domain.client_id is not null then 'same domain ' || by_name.domain
      else by_name.evidence
    end as evidence
  from by_name
  left join by_domain
    on by_name.connection_id = by_domain.connection_id
    and by_name.account_id = by_domain.account_id
    and by_name.client_id = by_domain.client_id
)

select * from final
