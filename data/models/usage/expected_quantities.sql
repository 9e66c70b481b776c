-- The usage side, one row per client and service with rules. For each rule with data n = multiplier × count, rounded up
-- and held between minimum and maximum; the rules that count identities make one group. expected_quantity is their sum
-- (rule_quantity) less the included quantity, at least 0; the counts are null where no rule has data.
with

counted as (
  select client_id, service_id, rule_id, sum(counted_quantity) as counted_quantity
  from rule_counts
  group by client_id, service_id, rule_id
),

-- Rules that count identities share one group; every other rule is a group of its own.
grouped as (
  select
    states.client_id,
    states.service_id,
    case when states.count_method = 'identities' then '' else states.rule_id end as group_id,
    min(states.multiplier) as multiplier,
    min(states.minimum) as minimum,
    min(states.maximum) as maximum,
    sum(coalesce(counted.counted_quantity, 0)) as counted_quantity
  from rule_states as states
  left join counted
    on states.client_id = counted.client_id
    and states.service_id = counted.service_id
    and states.rule_id = counted.rule_id
  where states.rule_state <> 'no_data'
  group by
    states.client_id,
    states.service_id,
    case when states.count_method = 'identities' then '' else states.rule_id end
),

-- multiplier × count is exact in hundred-trillionths; a whole unit is 10,000 quantity units.
multiplied as (
  select
    *,
    ceil_div(multiplier_units(multiplier) * quantity_units(counted_quantity), cast(100000000000000 as hugeint)) * 10000 as units
  from grouped
),

clamped as (
  select
    client_id,
    service_id,
    counted_quantity,
    least(
      greatest(units, coalesce(quantity_units(minimum), units)),
      coalesce(quantity_units(maximum), greatest(units, coalesce(quantity_units(minimum), units)))
    ) as units
  from multiplied
),

sums as (
  select
    client_id,
    service_id,
    sum(counted_quantity) as system_count,
    cast(sum(units) as hugeint) as units
  from clamped
  group by client_id, service_id
),

-- A connection once, before they are put in order: distinct values in order would be sorted twice for every group.
connection_states as (
  select
    client_id,
    service_id,
    connection_id,
    count(*) as rules,
    count(case when rule_state = 'no_data' then 1 end) as rules_without_data,
    count(case when rule_state = 'stale' then 1 end) as stale_rules
  from rule_states
  group by client_id, service_id, connection_id
),

states as (
  select
    client_id,
    service_id,
    sum(rules) as rules,
    sum(rules_without_data) as rules_without_data,
    sum(stale_rules) as stale_rules,
    joined(connection_id, ';') as connection_ids
  from connection_states
  group by client_id, service_id
),

final as (
  select
    states.client_id,
    states.service_id,
    states.connection_ids,
    case
      when states.rules_without_data = states.rules then 'no_data'
      when states.rules_without_data > 0 then 'partial'
      when states.stale_rules > 0 then 'stale'
      when sums.system_count = 0 then 'known_zero'
      else 'known'
    end as count_state,
    cast(coalesce(included.included_quantity, 0) as decimal(18, 4)) as included_quantity,
    cast(sums.system_count as decimal(18, 4)) as system_count,
    units_to_quantity(sums.units) as rule_quantity,
    case
      when sums.client_id is not null
        then units_to_quantity(greatest(sums.units - quantity_units(coalesce(included.included_quantity, 0)), 0))
    end as expected_quantity
  from states
  left join sums on states.client_id = sums.client_id and states.service_id = sums.service_id
  left join included_quantities as included
    on states.client_id = included.client_id and states.service_id = included.service_id
)

select * from final
