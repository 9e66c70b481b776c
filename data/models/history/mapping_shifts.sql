-- Discrepancies that came, went or changed while what is counted for them was defined anew: the rules of the service (of
-- the connection, for usage that no rule covered), or the client's linked accounts in the connections of those rules.
with

moved as (
  select distinct
    period,
    previous_period,
    reconciliation_id,
    client_id,
    service_id,
    case when service_id is null then connection_ids end as connection_id,
    text_key(client_id, service_id, case when service_id is null then connection_ids end, '') as scope
  from period_pairs
  where change_kind <> 'repeated' and expected_shift <> 0
),

-- All that no rule covered of a client in a connection is one: each of thousands of products would have every rule of it.
sides as (
  select distinct period as of_period, period, scope, client_id, service_id, connection_id from moved
  union all
  select distinct previous_period as of_period, period, scope, client_id, service_id, connection_id from moved
),

present as (
  select period from reconciled_periods where not is_closed
),

rules as (
  select
    period, rule_id, service_id, connection_id, product_ids, client_id, kinds, statuses, count_method, multiplier, minimum, maximum
  from snapshot_service_rules
  where is_in_force
  union all
  select
    present.period, rule_id, service_id, connection_id, product_ids, client_id, kinds, statuses, count_method, multiplier,
    minimum, maximum
  from rules_in_force
  cross join present
),

linked_accounts as (
  select period, connection_id, account_id, client_id from snapshot_accounts where link_status = 'confirmed'
  union all
  select present.period, connection_id, account_id, client_id
  from account_links
  cross join present
  where link_status = 'confirmed'
),

applied_rules as (
  select
    sides.period,
    sides.of_period,
    sides.scope,
    sides.client_id,
    rules.connection_id,
    text_key(
      text_key(rules.rule_id, rules.service_id, rules.connection_id, rules.product_ids),
      text_key(rules.client_id, rules.kinds, rules.statuses, rules.count_method),
      cast(rules.multiplier as varchar),
      text_key(cast(rules.minimum as varchar), cast(rules.maximum as varchar), '', '')
    ) as definition
  from sides
  inner join rules
    on sides.of_period = rules.period
    and (rules.client_id is null or rules.client_id = sides.client_id)
    and (sides.service_id = rules.service_id or sides.connection_id = rules.connection_id)
),

rule_lists as (
  select period, of_period, scope, joined(definition, ';') as definitions
  from applied_rules
  group by period, of_period, scope
),

-- Those of either month: a connection that only one of them has rules for links no other accounts by that.
rule_connections as (
  select distinct period, scope, client_id, connection_id from applied_rules
),

account_lists as (
  select
    sides.period,
    sides.of_period,
    sides.scope,
    joined_distinct(text_key(accounts.connection_id, accounts.account_id, '', ''), ';') as links
  from sides
  inner join rule_connections as connections
    on sides.period = connections.period and sides.scope = connections.scope
  inner join linked_accounts as accounts
    on sides.of_period = accounts.period
    and connections.client_id = accounts.client_id
    and connections.connection_id = accounts.connection_id
  group by sides.period, sides.of_period, sides.scope
),

final as (
  select
    moved.period,
    moved.reconciliation_id,
    rules_after.definitions is distinct from rules_before.definitions as is_rule_changed,
    links_after.links is distinct from links_before.links as is_link_changed
  from moved
  left join rule_lists as rules_before
    on moved.period = rules_before.period
    and moved.previous_period = rules_before.of_period
    and moved.scope = rules_before.scope
  left join rule_lists as rules_after
    on moved.period = rules_after.period
    and moved.period = rules_after.of_period
    and moved.scope = rules_after.scope
  left join account_lists as links_before
    on moved.period = links_before.period
    and moved.previous_period = links_before.of_period
    and moved.scope = links_before.scope
  left join account_lists as links_after
    on moved.period = links_after.period
    and moved.period = links_after.of_period
    and moved.scope = links_after.scope
)

select * from final
