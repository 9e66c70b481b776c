-- The changes of a discrepancy add up to it in quantity and in monthly money, unless another quantity was agreed, and no
-- change is missing or leaves less than nothing.
with

sums as (
  select
    reconciliation_id,
    sum(change_quantity) as change_quantity,
    sum(monthly_amount) as monthly_amount,
    min(new_quantity - case when current_quantity < 0 then current_quantity else 0 end) as smallest
  from adjustments
  group by reconciliation_id
),

final as (
  select rows.reconciliation_id, rows.delta_quantity, sums.change_quantity, rows.impact_monthly, sums.monthly_amount
  from work_list as rows
  left join sums on rows.reconciliation_id = sums.reconciliation_id
  where
    (
      rows.decision_state <> 'decided'
      or (rows.decision in ('bill', 'credit') and rows.agreed_quantity is null)
    )
    and (
      sums.change_quantity is distinct from rows.delta_quantity
      or sums.monthly_amount is distinct from rows.impact_monthly
      or sums.smallest < 0
    )
  union all
  select rows.reconciliation_id, rows.agreed_quantity, sums.change_quantity, rows.impact_monthly, sums.monthly_amount
  from work_list as rows
  left join sums on rows.reconciliation_id = sums.reconciliation_id
  where
    rows.decision_state = 'decided'
    and rows.agreed_quantity is not null
    and sums.change_quantity is distinct from rows.agreed_quantity - rows.invoiced_quantity
)

select * from final
