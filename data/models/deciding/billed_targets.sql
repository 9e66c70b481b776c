-- What of a row can be changed in the PSA: its live agreement lines, and invoice lines that have none, with what each
-- bills now. place says in which order less is taken: agreement lines first, the largest quantity first, but before all others
-- those that are over and still billed by an invoice, as the next one has them no more. For the same reason more goes onto
-- those only where nothing else is billed: place_for_more.
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

ranked as (
  select
    targets.*,
    case
      when targets.agreement_line_id is null then 1
      when live.agreement_line_id is null then 2
      else 0
    end as kind
  from targets
  left join live_agreement_lines as live on targets.agreement_line_id = live.agreement_line_id
),

placed as (
  select
    ranked.reconciliation_id,
    ranked.target_id,
    ranked.agreement_id,
    ranked.agreement_name,
    ranked.agreement_line_id,
    ranked.invoice_id,
    ranked.invoice_number,
    ranked.billed_units,
    ranked.billing_cycle,
    ranked.period_start,
    ranked.period_end,
    cycles.months as line_months,
    case when ranked.billed_units > 0 then ranked.billed_units else 0 end as capacity_units,
    row_number() over (
      partition by ranked.reconciliation_id
      order by case when ranked.kind = 2 then -1 else ranked.kind end, ranked.billed_units desc, ranked.target_id
    ) as place,
    row_number() over (
      partition by ranked.reconciliation_id
      order by ranked.kind, ranked.billed_units desc, ranked.target_id
    ) as place_for_more
  from ranked
  inner join billing_cycles as cycles on ranked.billing_cycle = cycles.billing_cycle
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
