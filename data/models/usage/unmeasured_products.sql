-- Products that a client uses and a rule covers, but of which the vendor does not state what the rule counts: seats are listed
-- and the total is missing, or the other way round. Unless another rule of the service counts them they are missing from the
-- count, which a connection that provides the measure for other accounts makes look complete. One row per rule.
with

used as (
  select distinct connection_id, account_id, product_id, true as has_seats
  from seat_cells
  where status <> 'deleted'
  union all
  select connection_id, account_id, product_id, false
  from counts_without_seats
  where quantity > 0
)

select
  covering.client_id,
  covering.service_id,
  covering.connection_id,
  covering.account_id,
  covering.product_id,
  covering.count_method
from covering_rules as covering
inner join used
  on covering.connection_id = used.connection_id
  and covering.account_id = used.account_id
  and covering.product_id = used.product_id
inner join provided_methods as provided
  on covering.connection_id = provided.connection_id and covering.count_method = provided.count_method
left join rule_counts as counted
  on covering.client_id = counted.client_id
  and covering.service_id = counted.service_id
  and covering.connection_id = counted.connection_id
  and covering.account_id = counted.account_id
  and covering.product_id = counted.product_id
where
  counted.rule_id is null
  -- Where there are seats and a rule counts seats, it has refused their kinds or statuses.
  and not (used.has_seats and covering.count_method in ('seats', 'identities'))
