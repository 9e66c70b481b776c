-- Live agreements (active, recurring, today inside) with their current billing period and the one before it.
with

live as (
  select
    agreements.*,
    today.as_of_date,
    months_between(agreements.start_date, today.as_of_date) as months_since_start
  from stg_agreements as agreements
  cross join (select as_of_date from settings) as today
  where
    agreements.status = 'active'
    and agreements.is_recurring
    and agreements.start_date <= today.as_of_date
    and (agreements.end_date is null or today.as_of_date < agreements.end_date)
),

stepped as (
  select *, whole_div(months_since_start, months) as steps
  from live
),

-- The step that begins in today's month may begin later than today.
corrected as (
  select
    *,
    case when add_months(start_date, steps * months) > as_of_date then steps - 1 else steps end as current_step
  from stepped
),

final as (
  select
    agreement_id,
    client_id,
    agreement_name,
    currency,
    billing_cycle,
    months,
    billing_timing,
    add_months(start_date, current_step * months) as period_start,
    add_months(start_date, (current_step + 1) * months) as period_end,
    case when current_step > 0 then add_months(start_date, (current_step - 1) * months) end as previous_start
  from corrected
)

select * from final
