-- Every discrepancy of a period or of the one before, with both sides of it. A row that is not there bills nothing and
-- expects nothing; the quantities of one that was not compared are unknown.
with

-- Found in a period, or in the one before only.
keys as (
  select
    periods.period, periods.previous_period, found.reconciliation_id, found.currency, found.months_open, found.first_period,
    found.earliest_period
  from found_rows as found
  inner join reconciled_periods as periods
    on found.period = periods.period or (found.ends_run and found.period = periods.previous_period)
  where periods.previous_period is not null
),

paired as (
  select
    keys.period,
    keys.previous_period,
    keys.reconciliation_id,
    keys.currency,
    keys.months_open,
    keys.first_period,
    keys.earliest_period,
    coalesce(after.client_id, before.client_id) as client_id,
    coalesce(after.client_name, before.client_name) as client_name,
    coalesce(after.service_id, before.service_id) as service_id,
    coalesce(after.service_name, before.service_name) as service_name,
    coalesce(after.connection_ids, before.connection_ids) as connection_ids,
    coalesce(after.product_id, before.product_id) as product_id,
    coalesce(after.product_name, before.product_name) as product_name,
    before.status as previous_status,
    after.status,
    before.discrepancy_type as previous_type,
    after.discrepancy_type,
    cast(case when before.reconciliation_id is null then 0 else before.invoiced_quantity end as decimal(18, 4)) as previous_invoiced_quantity,
    cast(case when after.reconciliation_id is null then 0 else after.invoiced_quantity end as decimal(18, 4)) as invoiced_quantity,
    cast(case when before.reconciliation_id is null then 0 else before.expected_quantity end as decimal(18, 4)) as previous_expected_quantity,
    cast(case when after.reconciliation_id is null then 0 else after.expected_quantity end as decimal(18, 4)) as expected_quantity,
    case when before.status = 'discrepancy' then before.delta_quantity end as previous_delta_quantity,
    case when after.status = 'discrepancy' then after.delta_quantity end as delta_quantity,
    before.billing_cycle as previous_billing_cycle,
    after.billing_cycle,
    before.unit_rate as previous_unit_rate,
    after.unit_rate,
    case when before.status = 'discrepancy' then before.impact_monthly end as previous_impact_monthly,
    case when after.status = 'discrepancy' then after.impact_monthly end as impact_monthly
  from keys
  left join period_rows as before
    on keys.previous_period = before.period
    and keys.reconciliation_id = before.reconciliation_id
    and keys.currency = before.currency
  left join period_rows as after
    on keys.period = after.period
    and keys.reconciliation_id = after.reconciliation_id
    and keys.currency = after.currency
),

final as (
  select
    paired.*,
    case
      when previous_delta_quantity is null then 'new'
      when status in ('no_data', 'not_reconciled') then 'not_compared'
      when delta_quantity is null then 'resolved'
      when (previous_delta_quantity < 0) <> (delta_quantity < 0) then 'turned'
      -- A mean over negative lines can be a negative rate: then money turns where quantity does not.
      when previous_impact_monthly < 0 and impact_monthly > 0 or previous_impact_monthly > 0 and impact_monthly < 0 then 'turned'
      when
        previous_delta_quantity = delta_quantity
        and previous_unit_rate is not distinct from unit_rate
        and previous_impact_monthly is not distinct from impact_monthly
        then 'repeated'
      else 'changed'
    end as change_kind,
    expected_quantity - previous_expected_quantity as expected_shift,
    invoiced_quantity - previous_invoiced_quantity as invoiced_shift
  from paired
)

select * from final
