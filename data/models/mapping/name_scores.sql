-- How alike two names are, 0 to 1: equal names 1, names that differ in spaces only 0.97, else the share of words that the
-- names have in common, taken from the side where it is smaller. Words agree as far as they are alike (Jaro-Winkler), from
-- 0.85 on: 'Acme Capital' and 'Acme' share half, a misspelt word nearly all.
with

similarities as (
  select
    candidates.account_name,
    candidates.client_name,
    account_words.word as account_word,
    account_words.word_count as account_words,
    client_words.word as client_word,
    client_words.word_count as client_words,
    word_similarity(account_words.word, client_words.word) as similarity
  from name_candidates as candidates
  inner join name_words as account_words on candidates.account_name = account_words.normal_name
  inner join name_words as client_words on candidates.client_name = client_words.normal_name
  where candidates.account_name <> candidates.client_name
),

best_of_account as (
  select
    account_name,
    client_name,
    account_word,
    account_words,
    max(case when similarity >= 0.85 then similarity else 0 end) as similarity
  from similarities
  group by account_name, client_name, account_word, account_words
),

best_of_client as (
  select
    account_name,
    client_name,
    client_word,
    client_words,
    max(case when similarity >= 0.85 then similarity else 0 end) as similarity
  from similarities
  group by account_name, client_name, client_word, client_words
),

account_side as (
  select
    account_name,
    client_name,
    account_words as words,
    round_div(cast(sum(similarity) * 10000 as hugeint), account_words) as score_units,
    count(case when similarity > 0 then 1 end) as shared_words,
    joined(case when similarity > 0 then account_word end, ', ') as shared
  from best_of_account
  group by account_name, client_name, account_words
),

client_side as (
  select
    account_name,
    client_name,
    client_words as words,
    round_div(cast(sum(similarity) * 10000 as hugeint), client_words) as score_units
  from best_of_client
  group by account_name, client_name, client_words
),

final as (
  select account_name, client_name, cast(1 as decimal(5, 4)) as score, 'same name' as evidence
  from name_candidates
  where account_name = client_name
  union all
  select
    account_side.account_name,
    account_side.client_name,
    case
      when replace(account_side.account_name, ' ', '') = replace(account_side.client_name, ' ', '')
        then cast(0.97 as decimal(5, 4))
      else cast(units_to_quantity(least(account_side.score_units, client_side.score_units)) as decimal(5, 4))
    end as score,
    case
      when replace(account_side.account_name, ' ', '') = replace(account_side.client_name, ' ', '')
        then 'same name but for spaces'
      else cast(account_side.shared_words as varchar) || ' of '
        || cast(greatest(account_side.words, client_side.words) as varchar) || ' words agree'
        || coalesce(': ' || account_side.shared, '')
    end as evidence
  from account_side
  inner join client_side
    on account_side.account_name = client_side.account_name
    and account_side.client_name = client_side.client_name
)

select * from final
