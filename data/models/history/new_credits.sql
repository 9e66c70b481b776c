-- What invoices credited in a period and had not credited in the one before, by row of the reconciliation. A credit on an
-- invoice that covers several months is one credit.
with

present as (
  select period from reconciled_periods where not is_closed
),

credits as (
  select period, reconciliation_id, currency, line_id, -amount as credited_amount
  from snapshot_services_billed
  where is_credit and amount < 0
  union all
  select present.period, reconciliation_id, currency, line_id, -amount as credited_amount
  from row_lines
  cross join present
  where is_credit and amount < 0
),

final as (
  select credits.period, credits.reconciliation_id, credits.currency, sum(credits.credited_amount) as credited_amount
  from credits
  inner join reconciled_periods as periods on credits.period = periods.period
  left join credits as earlier
    on periods.previous_period = earlier.period and credits.line_id = earlier.line_id
  where earlier.line_id is null
  group by credits.period, credits.reconciliation_id, credits.currency
)

select * from final
