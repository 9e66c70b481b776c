-- Decisions whose change earlier months had when they were closed, with the last day of their figures: what was due then is due
-- no more. A decision is often made days after the figures that it is about, and so in a later month than theirs.
with

final as (
  select closed.reconciliation_id, closed.decided_at, max(closed.effective_date) as last_due_on
  from snapshot_adjustments as closed
  cross join settings
  where closed.decision_state = 'decided' and closed.period < month_of(settings.as_of_date)
  group by closed.reconciliation_id, closed.decided_at
)

select * from final
