-- Accounts linked to one client whose name and domain fit another (0.88 or more) and not this one (below 0.60).
select
  accounts.connection_id,
  accounts.account_id,
  accounts.account_name,
  accounts.client_id,
  best.client_id as other_client_id,
  best.evidence
from account_names as accounts
inner join best_matches as best
  on accounts.connection_id = best.connection_id and accounts.account_id = best.account_id
left join account_matches as own
  on accounts.connection_id = own.connection_id
  and accounts.account_id = own.account_id
  and own.is_own_client
where
  accounts.link_status = 'confirmed'
  and best.score >= 0.88
  and coalesce(own.score, 0) < 0.60
