-- The one decision that matters for each discrepancy: the only one that can hold today, whether or not its figures changed,
-- else the one that ran out last.
with

ranked as (
  select
    states.*,
    row_number() over (
      partition by states.reconciliation_id
      order by
        case when states.state = 'expired' then 1 else 0 end,
        coalesce(cast(states.until_date as varchar), states.period || '-31') desc,
        states.decision_id
    ) as place
  from decision_states as states
  where states.state in ('in_force', 'changed', 'assigned', 'expired')
),

final as (
  select * from ranked where place = 1
)

select * from final
