-- Licences bought but not assigned
-- Per client and product what was bought from vendor or distributor, what is in use, and what lies unused at which cost.
-- @returns client_name, product_name, purchased_quantity, used_quantity, unassigned_quantity, unassigned_monthly, currency, commitment_end
select client_name, product_name, purchased_quantity, used_quantity, unassigned_quantity, unassigned_monthly, currency,
  commitment_end
from licences
where unassigned_quantity > 0
order by unassigned_monthly desc nulls last, client_name, product_name
