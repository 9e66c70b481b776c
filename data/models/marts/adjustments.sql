-- What to change in the PSA: one row per agreement line, or per invoice line without one, or per line that is still to be
-- made. It holds what is on the work list and what was decided to be billed or credited; what was accepted, disputed or
-- ignored stays as it is. Unless another quantity was agreed, the changes of a discrepancy add up to it, in quantity and in
-- monthly money. A change takes effect on the day of the run: the rest of the period counts that day.
--
-- @key adjustment_id
-- @order client_id, reconciliation_id, adjustment_id
-- @column adjustment_id VARCHAR Stable id of the change.
-- @column reconciliation_id VARCHAR The discrepancy.
-- @column client_id VARCHAR The PSA's id of the client.
-- @column client_name VARCHAR Its name.
-- @column service_id VARCHAR The service; null for usage that no rule covers.
-- @column service_name VARCHAR Its name.
-- @column connection_ids VARCHAR Connections that the count comes from, separated by semicolons.
-- @column product_id VARCHAR The vendor's product, for usage that no rule covers only.
-- @column product_name VARCHAR Its name.
-- @column decision_state VARCHAR open, expired, changed (all on the work list) or decided.
-- @column decision VARCHAR bill or credit, if decided.
-- @column agreement_id VARCHAR The agreement to change; null where it is not clear which.
-- @column agreement_name VARCHAR Its name.
-- @column agreement_line_id VARCHAR The agreement line to change; null where there is none.
-- @column invoice_id VARCHAR The invoice that bills it now; null for basis agreement and for what is not billed.
-- @column invoice_number VARCHAR The number that the client sees.
-- @column current_quantity DECIMAL(18,4) Units that the line bills now, less included ones.
-- @column new_quantity DECIMAL(18,4) Units that it should bill.
-- @column change_quantity DECIMAL(18,4) new_quantity less current_quantity.
-- @column agreement_quantity DECIMAL(18,4) Units that stand on the agreement line now, included ones among them; null where there is no line.
-- @column included_quantity DECIMAL(18,4) What of them it includes without billing them.
-- @column new_agreement_quantity DECIMAL(18,4) Units that should stand there: new_quantity and the included ones.
-- @column currency VARCHAR ISO 4217 code of all money in the row.
-- @column billing_cycle VARCHAR Cycle of the line: monthly, quarterly, semiannual, annual or one_time.
-- @column unit_price DECIMAL(18,6) The discrepancy's rate per unit and cycle of the line; null where there is none.
-- @column rate_basis VARCHAR Where it comes from, as in reconciliation.
-- @column period_start DATE First day of the current period.
-- @column period_end DATE First day after it.
-- @column effective_date DATE The day from which the change counts.
-- @column days_in_period INTEGER Days of the period.
-- @column days_left INTEGER Days from effective_date to its end.
-- @column period_amount DECIMAL(18,2) change_quantity times unit_price: what a whole period changes by; null where there is no price.
-- @column monthly_amount DECIMAL(18,2) The same per month, as in reconciliation; null where there is no price.
-- @column prorated_amount DECIMAL(18,2) change_quantity times unit_price times days_left by days_in_period; null where there is no price.
-- @column agreed_amount DECIMAL(18,2) What was agreed instead of prorated_amount; negative for a credit; null in every month but that in which it is due.
-- @column due_amount DECIMAL(18,2) What is to be billed, or if negative credited, once for this period: the agreed amount, else the prorated one; 0 where it was due in another month of the period; null where there is neither.
-- @column discrepancy_type VARCHAR calculated, estimated, unmapped or unaccounted.
-- @column likely_cause VARCHAR sync, client_mapping, service_mapping or billing_gap.
-- @column reason VARCHAR Why: that of the decision, else what speaks for the cause.
-- @column evidence VARCHAR How the new quantity comes about, in words.
-- @column owner VARCHAR Who follows it up.
-- @column decided_by VARCHAR Who decided.
-- @column decided_at TIMESTAMPTZ When.
with

priced as (
  select
    changes.*,
    proposed.rate_units,
    proposed.row_months,
    proposed.is_decided,
    proposed.decision,
    case
      when elsewhere.has_agreed then null
      when elsewhere.last_before >= changes.period_start or elsewhere.first_after < changes.period_end then null
      when proposed.decided_at is null or after_close.reconciliation_id is not null then proposed.agreed_amount
      when first_of_month(utc_date(proposed.decided_at)) >= first_of_month(settings.as_of_date) then proposed.agreed_amount
    end as row_agreed_amount,
    case
      when proposed.decided_at is null then false
      when elsewhere.last_before >= changes.period_start or elsewhere.first_after < changes.period_end then true
      when after_close.reconciliation_id is not null then false
      else first_of_month(greatest(utc_date(proposed.decided_at), changes.period_start)) < first_of_month(settings.as_of_date)
    end as was_due_elsewhere,
    round_div(proposed.rate_units * changes.line_months, cast(proposed.row_months as hugeint)) as price_units,
    days_between(changes.period_start, changes.period_end) as days_in_period,
    days_between(settings.as_of_date, changes.period_end) as days_left,
    settings.as_of_date as effective_date
  from line_changes as changes
  cross join settings
  inner join proposed_changes as proposed on changes.reconciliation_id = proposed.reconciliation_id
  left join due_elsewhere as elsewhere
    on proposed.reconciliation_id = elsewhere.reconciliation_id and proposed.decided_at = elsewhere.decided_at
  left join decided_after_close as after_close on proposed.reconciliation_id = after_close.reconciliation_id
),

-- Amounts of the running sums, each rounded once; those of a month are still of a whole cycle here.
summed as (
  select
    priced.*,
    round_div(units_after * price_units, cast(100000000 as hugeint)) as period_after,
    round_div(units_before * price_units, cast(100000000 as hugeint)) as period_before,
    round_div(units_after * rate_units, cast(100000000 as hugeint)) as cycle_after,
    round_div(units_before * rate_units, cast(100000000 as hugeint)) as cycle_before,
    units_after * price_units * days_left as rest_units_after,
    units_before * price_units * days_left as rest_units_before,
    cast(100000000 as hugeint) * days_in_period as period_units
  from priced
),

amounts as (
  select
    summed.*,
    round_div(cycle_after, cast(row_months as hugeint)) - round_div(cycle_before, cast(row_months as hugeint)) as month_units,
    units_to_amount(round_div(rest_units_after, period_units) - round_div(rest_units_before, period_units)) as prorated_amount,
    cast(
      case
        when row_agreed_amount is null then null
        when place > 1 then 0
        when decision = 'credit' then -row_agreed_amount
        else row_agreed_amount
      end as decimal(18, 2)
    ) as agreed_amount
  from summed
),

final as (
  select
    row_id(amounts.reconciliation_id, amounts.target_id, null, null) as adjustment_id,
    amounts.reconciliation_id,
    rows.client_id,
    rows.client_name,
    rows.service_id,
    rows.service_name,
    rows.connection_ids,
    rows.product_id,
    rows.product_name,
    rows.decision_state,
    amounts.decision,
    amounts.agreement_id,
    amounts.agreement_name,
    amounts.agreement_line_id,
    amounts.invoice_id,
    amounts.invoice_number,
    units_to_quantity(amounts.billed_units) as current_quantity,
    units_to_quantity(amounts.billed_units + amounts.change_units) as new_quantity,
    units_to_quantity(amounts.change_units) as change_quantity,
    agreement_lines.quantity as agreement_quantity,
    cast(coalesce(agreement_lines.included_quantity, 0) as decimal(18, 4)) as included_quantity,
    cast(
      units_to_quantity(amounts.billed_units + amounts.change_units) + coalesce(agreement_lines.included_quantity, 0)
      as decimal(18, 4)
    ) as new_agreement_quantity,
    rows.currency,
    amounts.billing_cycle,
    units_to_price(amounts.price_units) as unit_price,
    reconciled.rate_basis,
    amounts.period_start,
    amounts.period_end,
    amounts.effective_date,
    cast(amounts.days_in_period as integer) as days_in_period,
    cast(amounts.days_left as integer) as days_left,
    units_to_amount(amounts.period_after - amounts.period_before) as period_amount,
    units_to_amount(amounts.month_units) as monthly_amount,
    amounts.prorated_amount,
    amounts.agreed_amount,
    cast(
      case
        when amounts.was_due_elsewhere and amounts.prorated_amount is not null then 0
        else coalesce(amounts.agreed_amount, amounts.prorated_amount)
      end as decimal(18, 2)
    ) as due_amount,
    rows.discrepancy_type,
    rows.likely_cause,
    case when amounts.is_decided then rows.decision_reason else rows.cause_evidence end as reason,
    number_text(reconciled.system_count) || ' counted by ' || rows.connection_ids || ', '
      || case
        when reconciled.included_quantity > 0 then number_text(reconciled.included_quantity) || ' included, '
        else ''
      end
      || number_text(rows.expected_quantity) || ' to be billed, ' || number_text(rows.invoiced_quantity) || ' billed. '
      || rows.cause_evidence as evidence,
    rows.owner,
    rows.decided_by,
    rows.decided_at
  from amounts
  inner join work_list as rows on amounts.reconciliation_id = rows.reconciliation_id
  inner join reconciliation as reconciled on amounts.reconciliation_id = reconciled.reconciliation_id
  left join stg_agreement_lines as agreement_lines on amounts.agreement_line_id = agreement_lines.agreement_line_id
)

select * from final
