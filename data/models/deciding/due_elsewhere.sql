-- Decisions whose change was due in other months when they were closed: it is due no more. A decision is often made days after
-- the figures that it is about, and so in a later month than theirs, and a month may be worked out again when later ones are
-- closed. last_before is the last day of earlier months' figures in which it was due, first_after the first of later ones;
-- has_agreed says whether an agreed amount was.
with

due as (
  select
    closed.reconciliation_id,
    closed.decided_at,
    closed.effective_date,
    closed.period < month_of(settings.as_of_date) as is_earlier,
    closed.agreed_amount is not null as is_agreed
  from snapshot_adjustments as closed
  cross join settings
  where
    closed.decision_state = 'decided'
    and closed.period <> month_of(settings.as_of_date)
    and (closed.agreed_amount is not null or closed.due_amount <> 0)
),

final as (
  select
    reconciliation_id,
    decided_at,
    max(case when is_earlier then effective_date end) as last_before,
    min(case when not is_earlier then effective_date end) as first_after,
    max(case when is_agreed then 1 else 0 end) = 1 as has_agreed
  from due
  group by reconciliation_id, decided_at
)

select * from final
