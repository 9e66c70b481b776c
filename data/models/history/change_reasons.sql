-- Why each discrepancy came, went or changed, as far as the data says, and how its money splits into steps that add up:
-- impact_monthly = previous_impact_monthly + appeared + resolved + uncompared + quantity + price, nulls taken as 0.
with

pairs as (
  select
    pairs.*,
    quantity_units(delta_quantity) as delta_units,
    quantity_units(previous_delta_quantity) as previous_delta_units,
    quantity_units(invoiced_shift) as invoiced_units,
    quantity_units(expected_shift) as expected_units,
    amount_units(coalesce(impact_monthly, 0)) as impact_units,
    amount_units(coalesce(previous_impact_monthly, 0)) as previous_impact_units,
    coalesce(credits.credited_amount, 0) as credited_amount,
    coalesce(shifts.is_rule_changed, false) as is_rule_changed,
    coalesce(shifts.is_link_changed, false) as is_link_changed
  from period_pairs as pairs
  left join new_credits as credits
    on pairs.period = credits.period
    and pairs.reconciliation_id = credits.reconciliation_id
    and pairs.currency = credits.currency
  left join mapping_shifts as shifts
    on pairs.period = shifts.period and pairs.reconciliation_id = shifts.reconciliation_id
),

-- How far usage and billing each moved the difference the way it went.
pushes as (
  select
    pairs.*,
    case
      when coalesce(delta_units, 0) >= coalesce(previous_delta_units, 0) then expected_units
      else -expected_units
    end as expected_push,
    case
      when coalesce(delta_units, 0) >= coalesce(previous_delta_units, 0) then -invoiced_units
      else invoiced_units
    end as invoiced_push,
    -- What billing alone took off the earlier difference.
    case
      when previous_delta_units > 0 then least(greatest(invoiced_units, 0), previous_delta_units)
      when previous_delta_units < 0 then least(greatest(-invoiced_units, 0), -previous_delta_units)
    end as settled_units
  from pairs
),

reasons as (
  select
    pushes.*,
    case
      when change_kind = 'repeated' then null
      when change_kind = 'not_compared' then 'not_compared'
      when previous_status in ('no_data', 'not_reconciled') then 'compared'
      when delta_units = previous_delta_units then 'price'
      when invoiced_push >= expected_push and invoiced_units < 0 and previous_delta_units < 0 and credited_amount > 0
        then 'credited'
      when invoiced_push >= expected_push then 'billed'
      when is_rule_changed or is_link_changed then 'mapping'
      else 'usage'
    end as reason,
    case
      when change_kind <> 'changed' or impact_monthly is null then 0
      when delta_units = previous_delta_units then 0
      when unit_rate = previous_unit_rate and billing_cycle = previous_billing_cycle then impact_units - previous_impact_units
      else round_div(previous_impact_units * delta_units, previous_delta_units) - previous_impact_units
    end as quantity_effect
  from pushes
),

final as (
  select
    period,
    reconciliation_id,
    currency,
    reason,
    case
      when status = 'no_data' then 'Its count is unknown now, so nothing is settled.'
      when change_kind = 'not_compared' then 'No rule counts it any more, so nothing is settled.'
      when reason = 'compared' then 'It was not compared the month before.'
      when reason = 'mapping' and is_rule_changed and is_link_changed then 'Its rules and linked accounts were changed.'
      when reason = 'mapping' and is_rule_changed then 'Its rules were changed.'
      when reason = 'mapping' then 'Its linked accounts were changed.'
      when reason = 'usage' and expected_units > 0 then 'More is used.'
      when reason = 'usage' then 'Less is used.'
      when reason = 'billed' and invoiced_units > 0 then 'More is billed.'
      when reason in ('billed', 'credited') then 'Less is billed.'
      when reason = 'price' then 'The price changed.'
      when expected_units <> 0 then 'The difference is the same.'
      else 'Nothing changed.'
    end
    || case
      when expected_units is null then ''
      when expected_units = 0 then ' Expected ' || number_text(expected_quantity)
      else ' Expected ' || number_text(previous_expected_quantity) || ' → ' || number_text(expected_quantity)
    end
    || case
      when expected_units is null then ' Billed '
      else ', billed '
    end
    || case
      when invoiced_units = 0 then number_text(invoiced_quantity)
      else number_text(previous_invoiced_quantity) || ' → ' || number_text(invoiced_quantity)
    end
    || '.'
    || case when credited_amount > 0 then ' Credited ' || cast(cast(credited_amount as decimal(18, 2)) as varchar) || ' ' || currency || '.' else '' end
    as evidence,
    case when change_kind in ('new', 'turned') then impact_units else 0 end as appeared_effect,
    case when change_kind in ('resolved', 'turned') then -previous_impact_units else 0 end as resolved_effect,
    case when change_kind = 'not_compared' then -previous_impact_units else 0 end as uncompared_effect,
    quantity_effect,
    case when change_kind in ('changed', 'repeated') then impact_units - previous_impact_units - quantity_effect else 0 end as price_effect,
    case
      when previous_impact_monthly is not null
        then round_div(abs(previous_impact_units) * settled_units, abs(previous_delta_units))
    end as settled_effect,
    credited_amount
  from reasons
)

select * from final
