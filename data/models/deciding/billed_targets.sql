-- What of a row can be changed in the PSA: its live agreement lines, and invoice lines that have none, with what each
-- bills now. place says in which order: agreement lines first, the largest quantity first.
with

lines as (
  select
    reconciliation_id,
    coalesce('agreement:' || agreement_line_id, line_id) as target_id,
    agreement_id,
    agreement_name,
    agreement_line_id,
    invoice_id,
    invoice_number,
    net_quantity,
    billing_cycle,
    period_start,
    period_end
  from services_billed
  where not is_credit
),

targets as (
  select
    reconciliation_id,
    target_id,
    max(agreement_id) as agreement_id,
    max(agreement_name) as agreement_name,
    max(agreement_line_id) as agreement_line_id,
    max(invoice_id) as invoice_id,
    max(invoice_number) as invoice_number,
    sum(quantity_units(net_quantity)) as billed_units,
    max(billing_cycle) as billing_cycle,
    min(period_start) as period_start,
    max(period_end) as period_end
  from lines
  group by reconciliation_id, target_id
),

placed as (
  select
    targets.*,
    cycles.months as line_months,
    case when billed_units > 0 then billed_units else 0 end as capacity_units,
    row_number() over (
      partition by targets.reconciliation_id
      order by case when agreement_line_id is null then 1 else 0 end, billed_units desc, target_id
    ) as place
  from targets
  inner join billing_cycles as cycles on targets.billing_cycle = cycles.billing_cycle
),

final as (
  select
    placed.*,
    sum(capacity_units) over (
      partition by reconciliation_id
      order by place
      rows between unbounded preceding and current row
    ) - capacity_units as capacity_before
  from placed
)

select * from final
