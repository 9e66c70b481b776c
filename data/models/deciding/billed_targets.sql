-- What of a row can be changed in the PSA: its live agreement lines, and invoice lines that have none, with what each
-- bills now. place says in which order: agreement lines first, the largest quantity first.
with

lines as (
  select
    lines.reconciliation_id,
    coalesce('agreement:' || lines.agreement_line_id, lines.line_id) as target_id,
    lines.agreement_id,
    agreements.agreement_name,
    lines.agreement_line_id,
    lines.invoice_id,
    lines.invoice_number,
    lines.net_quantity,
    lines.billing_cycle,
    lines.period_start,
    lines.period_end
  from row_lines as lines
  left join stg_agreements as agreements on lines.agreement_id = agreements.agreement_id
  where not lines.is_credit
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
