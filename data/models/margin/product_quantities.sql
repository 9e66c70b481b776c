-- What each client has of each product, account by account: what was purchased, what is used, and how many units the
-- vendor charges for: the purchased ones where that is known, else those in use. A seat costs until it is deleted,
-- whether or not it is billed or left out by decision; a trial costs nothing. Where all seats are deleted and no total is
-- given, nobody uses it.
with

seat_counts as (
  select connection_id, account_id, product_id, sum(case when status <> 'deleted' then seat_count end) as seat_count
  from seat_cells
  group by connection_id, account_id, product_id
),

counts as (
  select
    connection_id,
    account_id,
    product_id,
    max(case when metric = 'purchased' then quantity end) as purchased,
    max(case when metric = 'assigned' then quantity end) as assigned,
    max(case when metric = 'active' then quantity end) as active,
    max(case when metric = 'reported' then quantity end) as reported,
    max(case when metric = 'purchased' then commitment_end end) as commitment_end
  from stg_counts
  group by connection_id, account_id, product_id
),

by_account as (
  select
    account_products.client_id,
    account_products.connection_id,
    account_products.product_id,
    account_products.exclusion_reason,
    counts.purchased,
    coalesce(
      counts.assigned,
      cast(seat_counts.seat_count as decimal(18, 4)),
      counts.active,
      counts.reported,
      case when seat_counts.account_id is not null then cast(0 as decimal(18, 4)) end
    ) as used,
    counts.commitment_end
  from account_products
  inner join stg_products as products
    on account_products.connection_id = products.connection_id
    and account_products.product_id = products.product_id
  left join seat_counts
    on account_products.connection_id = seat_counts.connection_id
    and account_products.account_id = seat_counts.account_id
    and account_products.product_id = seat_counts.product_id
  left join counts
    on account_products.connection_id = counts.connection_id
    and account_products.account_id = counts.account_id
    and account_products.product_id = counts.product_id
  where account_products.client_id is not null and not products.is_trial
),

final as (
  select
    client_id,
    connection_id,
    product_id,
    sum(purchased) as purchased,
    sum(used) as used,
    sum(coalesce(purchased, used)) as charged,
    case when count(purchased) > 0 then 'purchased' else 'used' end as charged_by,
    sum(case when purchased > used then purchased - used else 0 end) as unassigned,
    count(case when purchased is not null and used is not null then 1 end) > 0 as is_assignment_known,
    max(commitment_end) as commitment_end,
    min(exclusion_reason) as exclusion_reason
  from by_account
  group by client_id, connection_id, product_id
)

select * from final
