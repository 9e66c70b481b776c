-- Every decision with the discrepancy that it is about and what has become of it: settled (the discrepancy is gone),
-- not_compared (whether it is there is unknown: its usage is not known, or no rule counts it), upcoming (for a later month),
-- expired (its month or its last day is over), changed (the figures are not those that it was made on any more), assigned
-- (somebody follows it up, nothing is decided), or in_force.
with

timed as (
  select
    row_id(
      decisions.client_id,
      decisions.service_id,
      text_key(decisions.connection_id, decisions.product_id, '', ''),
      coalesce(decisions.period, cast(decisions.until as varchar))
    ) as decision_id,
    decisions.client_id,
    decisions.service_id,
    decisions.connection_id,
    decisions.product_id,
    decisions.period,
    decisions.until as until_date,
    decisions.decision,
    decisions.quantity as agreed_quantity,
    decisions.amount as agreed_amount,
    decisions.currency as agreed_currency,
    decisions.delta_quantity as decided_delta_quantity,
    decisions.impact_monthly as decided_impact_monthly,
    decisions.reason as decision_reason,
    decisions.owner,
    decisions.decided_by,
    decisions.decided_at,
    case
      when decisions.period > month_of(settings.as_of_date) then 'upcoming'
      when decisions.period < month_of(settings.as_of_date) then 'expired'
      when decisions.until < settings.as_of_date then 'expired'
      when decisions.decision is null then 'assigned'
      else 'in_force'
    end as time_state
  from mapping_decisions as decisions
  cross join settings
),

uncompared as (
  select client_id, service_id
  from row_amounts
  where service_id is not null
  group by client_id, service_id
  having max(case when status in ('reconciled', 'discrepancy') then 1 else 0 end) = 0
),

final as (
  select
    timed.decision_id,
    rows.reconciliation_id,
    timed.client_id,
    timed.service_id,
    timed.connection_id,
    timed.product_id,
    timed.period,
    timed.until_date,
    timed.decision,
    timed.agreed_quantity,
    timed.agreed_amount,
    timed.agreed_currency,
    timed.decided_delta_quantity,
    timed.decided_impact_monthly,
    timed.decision_reason,
    timed.owner,
    timed.decided_by,
    timed.decided_at,
    case
      when uncompared.client_id is not null then 'not_compared'
      when rows.reconciliation_id is null then 'settled'
      when timed.time_state <> 'in_force' then timed.time_state
      when
        timed.decided_delta_quantity is distinct from rows.delta_quantity
        or timed.decided_impact_monthly is distinct from rows.impact_monthly
        or timed.agreed_currency <> rows.currency
        then 'changed'
      else 'in_force'
    end as state
  from timed
  left join row_amounts as rows
    on rows.status = 'discrepancy'
    and timed.client_id = rows.client_id
    and timed.service_id is not distinct from rows.service_id
    and timed.product_id is not distinct from rows.product_id
    and (timed.product_id is null or timed.connection_id = rows.connection_ids)
  left join uncompared
    on timed.client_id = uncompared.client_id and timed.service_id = uncompared.service_id
)

select * from final
