-- Used but not billed, per product
-- What clients use and no rule bills, with the vendor's list price, in the workspace's currency, where there is one.
-- @returns connection_ids, product_name, client_count, units, list_price, impact_monthly, currency
select rows.connection_ids, rows.product_name, count(distinct rows.client_id) as client_count,
  sum(rows.expected_quantity) as units, min(products.list_price) as list_price,
  sum(rows.impact_monthly) as impact_monthly, rows.currency
from reconciliation as rows
left join products on rows.connection_ids = products.connection_id and rows.product_id = products.product_id
where rows.discrepancy_type = 'unaccounted'
group by rows.connection_ids, rows.product_name, rows.currency
order by units desc, rows.product_name
