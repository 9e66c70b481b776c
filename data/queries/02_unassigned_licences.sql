-- Licences bought but not assigned
-- Per client and SKU what the vendor has sold, what is assigned to people, and what lies unused.
-- @returns client_name, connection_id, product_name, purchased, assigned, unassigned, commitment_end
with
newest as (
  select connection_id, account_id, product_id, metric, quantity, commitment_end,
    row_number() over (partition by connection_id, account_id, product_id, metric order by as_of desc nulls last) as place
  from lake_counts
),
totals as (
  select connection_id, account_id, product_id,
    sum(case when metric = 'purchased' then quantity end) as purchased,
    sum(case when metric = 'assigned' then quantity end) as assigned,
    min(commitment_end) as commitment_end
  from newest
  where place = 1
  group by connection_id, account_id, product_id
)
select names.client_name, totals.connection_id, products.product_name, totals.purchased, totals.assigned,
  totals.purchased - totals.assigned as unassigned, totals.commitment_end
from totals
inner join accounts on totals.connection_id = accounts.connection_id and totals.account_id = accounts.account_id
left join products on totals.connection_id = products.connection_id and totals.product_id = products.product_id
left join (select distinct client_id, client_name from clients) as names on accounts.client_id = names.client_id
where totals.purchased > totals.assigned
order by unassigned desc, names.client_name, products.product_name
