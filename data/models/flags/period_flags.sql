-- Flags about when something is billed: after the agreement or line ended, not at all for the period that is due, with a
-- gap or overlap between invoices of one agreement, or in another currency than the agreement's.
with

ended as (
  select
    'agreement_ended' as flag_code,
    client_id, service_id, invoice_id, line_id, currency, is_current,
    'The line bills a period after its agreement ended.' as message,
    'last day ' || cast(day_before(billable_until) as varchar) || ', billed from ' || cast(period_start as varchar) as evidence,
    cast(abs(billed_amount) as decimal(18, 2)) as amount_at_stake,
    agreement_id
  from flaggable_lines
  where not is_credit and billable_until <= period_start
),

-- Invoices that consist of credits only do not bill a period.
billing_invoices as (
  select invoices.*
  from stg_invoices as invoices
  left join (
    select invoice_id as credited_invoice_id
    from stg_invoice_lines
    group by invoice_id
    having count(case when is_credit then 1 end) = count(*)
  ) as credits on invoices.invoice_id = credits.credited_invoice_id
  where invoices.is_issued and credits.credited_invoice_id is null
),

agreement_invoices as (
  select agreement_id, invoice_id, period_start, period_end
  from billing_invoices
  union
  select lines.agreement_id, invoices.invoice_id, invoices.period_start, invoices.period_end
  from billing_invoices as invoices
  inner join stg_invoice_lines as lines on invoices.invoice_id = lines.invoice_id
  where not lines.is_credit
),

-- Whose invoice it is: the agreement's that it names, or if it names none, that of each line which bills something.
invoice_agreements as (
  select invoice_id, agreement_id
  from stg_invoices
  where agreement_id is not null
  union
  select lines.invoice_id, lines.agreement_id
  from stg_invoice_lines as lines
  inner join stg_invoices as invoices on lines.invoice_id = invoices.invoice_id
  where invoices.agreement_id is null and lines.agreement_id is not null and not lines.is_credit
),

-- In advance the current period is due, in arrears the last one that is over.
due as (
  select
    periods.agreement_id,
    periods.client_id,
    periods.currency,
    case when periods.billing_timing = 'arrears' then periods.previous_start else periods.period_start end as due_start,
    case when periods.billing_timing = 'arrears' then periods.period_start else periods.period_end end as due_end
  from agreement_periods as periods
),

agreement_amounts as (
  select
    agreement_id,
    sum(multiply_to_amount(net_quantity, unit_price)) as amount
  from live_agreement_lines
  group by agreement_id
),

invoices_by_due as (
  select
    due.agreement_id,
    count(case when invoices.period_start < due.due_end and due.due_start < invoices.period_end then 1 end) as for_due_period,
    count(case when invoices.period_start < due.due_start then 1 end) as earlier
  from due
  inner join agreement_invoices as invoices on due.agreement_id = invoices.agreement_id
  where due.due_start is not null
  group by due.agreement_id
),

-- What is missing may have been quarantined.
doubts as (
  select
    case
      when count(case when table_name in ('invoices', 'invoice_lines') then 1 end) > 0
        then ', unless the invoice is among the rows that were quarantined'
      else ''
    end as doubt
  from quarantine
),

not_invoiced as (
  select
    'not_invoiced' as flag_code,
    due.client_id,
    cast(null as varchar) as service_id,
    cast(null as varchar) as invoice_id,
    cast(null as varchar) as line_id,
    due.currency,
    true as is_current,
    'An agreement that was invoiced before has no invoice for the period that is due.' as message,
    'agreement ' || due.agreement_id || ', period ' || cast(due.due_start as varchar) || ' to ' || cast(day_before(due.due_end) as varchar) || doubts.doubt as evidence,
    cast(amounts.amount as decimal(18, 2)) as amount_at_stake,
    due.agreement_id
  from due
  inner join invoices_by_due as invoices on due.agreement_id = invoices.agreement_id
  inner join agreement_amounts as amounts on due.agreement_id = amounts.agreement_id
  cross join doubts
  where invoices.for_due_period = 0 and invoices.earlier > 0
),

-- The calendar month of an invoice without a period says nothing about what it bills of a quarter or a year.
successive as (
  select
    owners.agreement_id,
    invoices.client_id, invoices.invoice_id, invoices.currency, invoices.is_current, invoices.period_start,
    max(invoices.period_end) over (
      partition by owners.agreement_id
      order by invoices.period_start, invoices.period_end, invoices.invoice_id
      rows between unbounded preceding and 1 preceding
    ) as billed_until
  from billing_invoices as invoices
  inner join invoice_agreements as owners on invoices.invoice_id = owners.invoice_id
  left join stg_agreements as agreements on owners.agreement_id = agreements.agreement_id
  where invoices.has_own_period or coalesce(agreements.months, 1) = 1
),

gaps_and_overlaps as (
  select
    case when period_start > billed_until then 'period_gap' else 'period_overlap' end as flag_code,
    client_id,
    cast(null as varchar) as service_id,
    invoice_id,
    cast(null as varchar) as line_id,
    currency,
    is_current,
    case
      when period_start > billed_until then 'Days between this invoice and the one before were not billed.'
      else 'This invoice bills days that the one before has billed already.'
    end as message,
    'billed to ' || cast(day_before(billed_until) as varchar) || ', this one from ' || cast(period_start as varchar)
    || case when period_start > billed_until then doubts.doubt else '' end as evidence,
    cast(null as decimal(18, 2)) as amount_at_stake,
    agreement_id
  from successive
  cross join doubts
  where period_start <> billed_until
),

mismatched_currencies as (
  select
    'currency_mismatch' as flag_code,
    invoices.client_id,
    cast(null as varchar) as service_id,
    invoices.invoice_id,
    cast(null as varchar) as line_id,
    invoices.currency,
    invoices.is_current,
    'The invoice is in another currency than its agreement.' as message,
    'invoice ' || invoices.currency || ', agreement ' || agreements.currency as evidence,
    cast(null as decimal(18, 2)) as amount_at_stake,
    agreements.agreement_id
  from stg_invoices as invoices
  inner join invoice_agreements as owners on invoices.invoice_id = owners.invoice_id
  inner join stg_agreements as agreements on owners.agreement_id = agreements.agreement_id
  where
    invoices.is_issued
    and invoices.currency <> agreements.currency
)

select * from ended
union all
select * from not_invoiced
union all
select * from gaps_and_overlaps
union all
select * from mismatched_currencies
