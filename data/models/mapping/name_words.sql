-- The distinct words of every name that is compared, with the beginning by which candidates are found.
with

names as (
  select normal_name from client_names
  union
  select normal_name from account_names
),

words as (
  select distinct normal_name, parts_of(normal_name, ' ') as word
  from names
)

select
  normal_name,
  word,
  substr(word, 1, 4) as word_start,
  count(*) over (partition by normal_name) as word_count
from words
