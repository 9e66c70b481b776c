-- Pairs of an account's and a client's name worth comparing in full: equal, equal without spaces, sharing a domain, or
-- with a word that begins alike. Beginnings that very many clients share would compare everybody with everybody and are
-- left out; equal names and domains are found all the same.
with

client_words as (
  select distinct names.normal_name, words.word_start
  from client_names as names
  inner join name_words as words on names.normal_name = words.normal_name
),

telling_starts as (
  select word_start
  from client_words
  group by word_start
  having count(*) <= 50
),

by_word as (
  select accounts.normal_name as account_name, clients.normal_name as client_name
  from account_names as accounts
  inner join name_words as words on accounts.normal_name = words.normal_name
  inner join telling_starts on words.word_start = telling_starts.word_start
  inner join client_words as clients on words.word_start = clients.word_start
),

by_joined_name as (
  select accounts.normal_name as account_name, clients.normal_name as client_name
  from account_names as accounts
  inner join client_names as clients on accounts.joined_name = clients.joined_name
),

by_domain as (
  select accounts.normal_name as account_name, clients.normal_name as client_name
  from account_names as accounts
  inner join client_domains as domains on accounts.domain = domains.domain
  inner join client_names as clients on domains.client_id = clients.client_id
),

own as (
  select normal_name as account_name, own_normal_name as client_name
  from account_names
  where own_normal_name is not null
),

final as (
  select account_name, client_name from by_word
  union
  select account_name, client_name from by_joined_name
  union
  select account_name, client_name from by_domain
  union
  select account_name, client_name from own
)

select * from final
