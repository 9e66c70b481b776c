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
    present.period, rows.reconciliation_id, rows.client_id, clients.client_name, rows.service_id, services.service_name,
    rows.connection_ids, rows.product_id, products.product_name, rows.currency, rows.billing_cycle, rows.invoiced_quantity,
    rows.expected_quantity, rows.delta_quantity, rows.unit_rate, rows.impact_monthly, rows.status, rows.discrepancy_type,
    causes.likely_cause
  from row_amounts as rows
  cross join present
  inner join stg_clients as clients on rows.client_id = clients.client_id
  left join stg_services as services on rows.service_id = services.service_id
  left join stg_products as products
    on rows.product_id = products.product_id and rows.connection_ids = products.connection_id
  left join row_causes as causes on rows.reconciliation_id = causes.reconciliation_id
)

select * from final
