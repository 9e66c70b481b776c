-- Every decision with the discrepancy that it is about and what has become of it: settled (the discrepancy is gone),
-- not_compared (whether it is there is unknown: its usage is not known, or no rule counts it), upcoming (for a later month, or
-- made when the time of another that holds today was over), expired (its month or its last day is over, or it has neither and
-- a closed month since did not find the discrepancy), changed (the figures are not those that it was made on any more), assigned
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

-- The last day of the first that is over, among those about the same that can hold today and have an end.
ended as (
  select
    timed.*,
    min(
      case
        when time_state not in ('in_force', 'assigned') then null
        when period is not null then day_before(add_months(first_of_month(settings.as_of_date), 1))
        else until_date
      end
    ) over (partition by client_id, service_id, connection_id, product_id) as first_end
  from timed
  cross join settings
),

uncompared as (
  select client_id, service_id
  from row_amounts
  where service_id is not null
  group by client_id, service_id
  having max(case when status in ('reconciled', 'discrepancy') then 1 else 0 end) = 0
),

matched as (
  select
    ended.*,
    rows.reconciliation_id,
    rows.currency,
    rows.delta_quantity,
    rows.impact_monthly
  from ended
  left join row_amounts as rows
    on rows.status = 'discrepancy'
    and ended.client_id = rows.client_id
    and ended.service_id is not distinct from rows.service_id
    and ended.product_id is not distinct from rows.product_id
    and (ended.product_id is null or ended.connection_id = rows.connection_ids)
),

newest as (
  select max(utc_date(periods.as_of)) as day
  from reconciled_periods as periods
  cross join settings
  where periods.period < month_of(settings.as_of_date)
),

-- What is there again was gone when a month was closed: it is another discrepancy, even if its figures are the same.
returned as (
  select matched.decision_id
  from matched
  cross join newest
  left join last_without as known
    on matched.reconciliation_id = known.reconciliation_id and matched.currency = known.currency
  where
    matched.time_state = 'in_force'
    and matched.period is null
    and matched.until_date is null
    and matched.reconciliation_id is not null
    and case when known.reconciliation_id is null then newest.day else known.last_without end > utc_date(matched.decided_at)
),

final as (
  select
    matched.decision_id,
    matched.reconciliation_id,
    matched.client_id,
    matched.service_id,
    matched.connection_id,
    matched.product_id,
    matched.period,
    matched.until_date,
    matched.decision,
    matched.agreed_quantity,
    matched.agreed_amount,
    matched.agreed_currency,
    matched.decided_delta_quantity,
    matched.decided_impact_monthly,
    matched.decision_reason,
    matched.owner,
    matched.decided_by,
    matched.decided_at,
    case
      when uncompared.client_id is not null then 'not_compared'
      when matched.reconciliation_id is null then 'settled'
      when
        matched.period is null
        and matched.until_date is distinct from matched.first_end
        and utc_date(matched.decided_at) > matched.first_end
        then 'upcoming'
      when matched.time_state <> 'in_force' then matched.time_state
      when returned.decision_id is not null then 'expired'
      when
        matched.decided_delta_quantity is distinct from matched.delta_quantity
        or matched.decided_impact_monthly is distinct from matched.impact_monthly
        or matched.agreed_currency <> matched.currency
        then 'changed'
      else 'in_force'
    end as state
  from matched
  left join returned on matched.decision_id = returned.decision_id
  left join uncompared
    on matched.client_id = uncompared.client_id and matched.service_id = uncompared.service_id
)

select * from final
