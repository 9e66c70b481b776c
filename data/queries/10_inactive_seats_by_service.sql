-- Paid for and not used
-- Inactive seats per service, what they cost clients each month, and when commitments let them go.
-- @returns service_name, currency, inactive, never_active, monthly_value, first_commitment_end
select coalesce(service_name, product_name) as service_name, currency,
  count(case when activity_state = 'inactive' then 1 end) as inactive,
  count(case when activity_state = 'never_active' then 1 end) as never_active,
  sum(monthly_value) as monthly_value, min(commitment_end) as first_commitment_end
from inactive_seats
group by coalesce(service_name, product_name), currency
order by currency, monthly_value desc nulls last, 1
