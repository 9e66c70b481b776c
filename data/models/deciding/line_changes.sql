-- A proposed change on the lines that it falls on. More goes onto one line; less is taken from one line after the other,
-- none below zero. What is not billed yet has no line: it goes onto the client's only live agreement in that currency,
-- if there is exactly one. units_before and units_after are running sums, so that rounded amounts add up to the row's.
with

only_agreements as (
  select
    client_id,
    currency,
    min(agreement_id) as agreement_id,
    min(agreement_name) as agreement_name,
    min(billing_cycle) as billing_cycle,
    min(months) as line_months,
    min(period_start) as period_start,
    min(period_end) as period_end
  from agreement_periods
  group by client_id, currency
  having count(*) = 1
),

on_lines as (
  select
    changes.reconciliation_id,
    targets.target_id,
    targets.agreement_id,
    targets.agreement_name,
    targets.agreement_line_id,
    targets.invoice_id,
    targets.invoice_number,
    targets.billed_units,
    targets.billing_cycle,
    targets.line_months,
    targets.period_start,
    targets.period_end,
    case
      when changes.change_units >= 0 then 0
      else -least(-changes.change_units, targets.capacity_before)
    end as units_before,
    case
      when changes.change_units >= 0 then changes.change_units
      else -least(-changes.change_units, targets.capacity_before + targets.capacity_units)
    end as units_after,
    targets.place_for_more = 1 as is_first_place,
    changes.change_units
  from proposed_changes as changes
  inner join billed_targets as targets on changes.reconciliation_id = targets.reconciliation_id
),

touched as (
  select *
  from on_lines
  where case when change_units >= 0 then is_first_place else units_after <> units_before end
),

without_lines as (
  select
    changes.reconciliation_id,
    'new' as target_id,
    agreements.agreement_id,
    agreements.agreement_name,
    cast(null as varchar) as agreement_line_id,
    cast(null as varchar) as invoice_id,
    cast(null as varchar) as invoice_number,
    cast(0 as hugeint) as billed_units,
    coalesce(agreements.billing_cycle, 'monthly') as billing_cycle,
    coalesce(agreements.line_months, 1) as line_months,
    coalesce(agreements.period_start, first_of_month(settings.as_of_date)) as period_start,
    coalesce(agreements.period_end, add_months(first_of_month(settings.as_of_date), 1)) as period_end,
    cast(0 as hugeint) as units_before,
    changes.change_units as units_after
  from proposed_changes as changes
  cross join settings
  left join billed_targets as targets on changes.reconciliation_id = targets.reconciliation_id
  left join only_agreements as agreements
    on changes.client_id = agreements.client_id and changes.currency = agreements.currency
  where targets.reconciliation_id is null
),

united as (
  select
    reconciliation_id, target_id, agreement_id, agreement_name, agreement_line_id, invoice_id, invoice_number, billed_units,
    billing_cycle, line_months, period_start, period_end, units_before, units_after
  from touched
  union all
  select
    reconciliation_id, target_id, agreement_id, agreement_name, agreement_line_id, invoice_id, invoice_number, billed_units,
    billing_cycle, line_months, period_start, period_end, units_before, units_after
  from without_lines
),

final as (
  select
    united.*,
    units_after - units_before as change_units,
    row_number() over (partition by reconciliation_id order by abs(units_before), target_id) as place
  from united
)

select * from final
