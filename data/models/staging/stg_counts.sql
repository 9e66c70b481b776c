-- Of several counts of one account, product and metric the newest holds; one without a time is the oldest.
with

ranked as (
  select
    *,
    row_number() over (
      partition by connection_id, account_id, product_id, metric
      order by as_of desc nulls last, quantity desc
    ) as recency
  from lake_counts
)

select connection_id, account_id, product_id, metric, quantity, commitment_end
from ranked
where recency = 1
