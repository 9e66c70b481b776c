-- The one decision that matters for each discrepancy: the one in force, else what was decided before its figures changed
-- or it ran out, the latest first.
with

ranked as (
  select
    states.*,
    row_number() over (
      partition by states.reconciliation_id
      order by
        case states.state when 'in_force' then 0 when 'changed' then 1 when 'assigned' then 2 else 3 end,
        coalesce(cast(states.until_date as varchar), states.period) desc nulls last,
        states.decided_at desc nulls last,
        states.decision_id
    ) as place
  from decision_states as states
  where states.state in ('in_force', 'changed', 'assigned', 'expired')
),

final as (
  select * from ranked where place = 1
)

select * from final
