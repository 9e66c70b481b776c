-- Agreements with their defaults and the length of their cycle in months.
select
  agreements.agreement_id,
  agreements.client_id,
  agreements.agreement_name,
  coalesce(agreements.status, 'active') as status,
  cycles.billing_cycle,
  cycles.months,
  cycles.is_recurring,
  coalesce(agreements.billing_timing, 'advance') as billing_timing,
  agreements.start_date,
  agreements.end_date,
  upper(coalesce(agreements.currency, settings.currency)) as currency
from lake_agreements as agreements
cross join settings
inner join billing_cycles as cycles on cycles.billing_cycle = coalesce(agreements.billing_cycle, 'monthly')
