-- Discrepancies whose billing is to change: those on the work list, and those with the decision to bill or to credit. The
-- new quantity is the agreed one, else the expected one. decided_at is the time of a decision that holds for more than one month;
-- null where it is not known.
with

chosen as (
  select
    rows.reconciliation_id,
    rows.client_id,
    rows.currency,
    coalesce(decisions.state = 'in_force', false) as is_decided,
    case when decisions.state = 'in_force' then decisions.decision end as decision,
    case when decisions.state = 'in_force' then decisions.agreed_quantity end as agreed_quantity,
    case when decisions.state = 'in_force' then decisions.agreed_amount end as agreed_amount,
    case when decisions.state = 'in_force' and decisions.period is null then decisions.decided_at end as decided_at,
    rows.expected_quantity,
    rows.invoiced_quantity,
    rows.rate_units,
    rows.months as row_months
  from row_amounts as rows
  left join row_decisions as decisions on rows.reconciliation_id = decisions.reconciliation_id
  where rows.status = 'discrepancy'
),

final as (
  select
    chosen.*,
    quantity_units(coalesce(agreed_quantity, expected_quantity)) - quantity_units(invoiced_quantity) as change_units
  from chosen
  where not is_decided or decision in ('bill', 'credit')
)

select * from final
