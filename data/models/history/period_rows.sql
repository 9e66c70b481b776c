-- The reconciliation of every period, month after month: closed periods as they were frozen, the present one as it is.
with

present as (
  select period from reconciled_periods where not is_closed
),

final as (
  select
    period, reconciliation_id, client_id, client_name, service_id, service_name, connection_ids, product_id, product_name,
    currency, billing_cycle, invoiced_quantity, expected_quantity, delta_quantity, unit_rate, impact_monthly, status,
    discrepancy_type, likely_cause
  from snapshot_reconciliation
  union all
  select
    present.period, reconciliation_id, client_id, client_name, service_id, service_name, connection_ids, product_id, product_name,
    currency, billing_cycle, invoiced_quantity, expected_quantity, delta_quantity, unit_rate, impact_monthly, status,
    discrepancy_type, likely_cause
  from reconciliation
  cross join present
)

select * from final
