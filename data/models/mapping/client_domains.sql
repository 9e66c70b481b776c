-- Domains known for a client from the accounts linked to it, with the number of those accounts. Domains that anybody can
-- have an address in say nothing.
select client_id, domain, count(*) as accounts
from account_links
where
  link_status = 'confirmed'
  and domain is not null
  and domain not in (
    'gmail.com', 'googlemail.com', 'outlook.com', 'hotmail.com', 'live.com', 'msn.com', 'yahoo.com', 'icloud.com',
    'aol.com', 'gmx.de', 'gmx.net', 'web.de', 'proton.me', 'protonmail.com'
  )
group by client_id, domain
