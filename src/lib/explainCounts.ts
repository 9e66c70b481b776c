import type {ExplainedRow, Made} from "./explanation.js";
import {literal} from "./sqlText.js";

/**
 * Every seat, person or total behind a system count, each with what it adds: a seat counts once under the first rule that
 * accepts it, a person once over all rules that count people.
 */
export function systemCount({reconciliation_id}: ExplainedRow): Made {
  return {
    comesTo: {kind: "sum", column: "counts"},
    sql: `
with
sources as (
  select sources.*, accounts.account_name, products.product_name, rules.kinds, rules.statuses
  from reconciliation_sources as sources
  left join accounts on sources.connection_id = accounts.connection_id and sources.account_id = accounts.account_id
  left join products on sources.connection_id = products.connection_id and sources.product_id = products.product_id
  left join service_rules as rules on sources.rule_id = rules.rule_id
  where sources.reconciliation_id = ${literal(reconciliation_id)}
),
accepted as (
  select sources.rule_id, sources.count_method, sources.account_name, sources.product_name, seats.*,
    row_number() over (
      partition by seats.connection_id, seats.account_id, seats.product_id, seats.seat_id order by sources.rule_id
    ) as place
  from sources
  inner join seats
    on sources.connection_id = seats.connection_id
    and sources.account_id = seats.account_id
    and sources.product_id = seats.product_id
  where sources.count_method in ('seats', 'identities')
    and (
      (sources.rule_id = '' and seats.disposition = 'unaccounted')
      or (
        sources.rule_id <> ''
        and seats.disposition not in ('deleted', 'excluded', 'unlinked')
        and (coalesce(trim(sources.kinds, '; '), '') = ''
          or list_contains(string_split(replace(lower(sources.kinds), ' ', ''), ';'), coalesce(seats.kind, '')))
        and list_contains(string_split(replace(lower(sources.statuses), ' ', ''), ';'), seats.status)
      )
    )
),
people as (
  select *,
    row_number() over (
      partition by coalesce(nullif(lower(trim(identifier)), ''), connection_id || chr(31) || account_id || chr(31) || product_id || chr(31) || seat_id)
      order by rule_id, connection_id, account_id, product_id, seat_id
    ) as person_place
  from accepted
  where place = 1 and count_method = 'identities'
)
select cast(1 as decimal(18, 4)) as counts, 'a seat' as because, display_name, identifier, kind, status, product_name,
  connection_id, account_name, rule_id, seat_id
from accepted
where place = 1 and count_method = 'seats'
union all
select case when person_place = 1 then 1 else 0 end,
  case when person_place = 1 then 'a person' else 'a person counted above' end, display_name, identifier, kind, status,
  product_name, connection_id, account_name, rule_id, seat_id
from people
union all
select counted_quantity, 'the total ' || count_method, null, null, null, null, product_name, connection_id, account_name,
  rule_id, null
from sources
where count_method not in ('seats', 'identities')
order by rule_id, connection_id, account_name, product_name, identifier, seat_id`,
  };
}

/**
 * What each rule with data makes of its count, and what agreements include: multiplied, rounded up, held between minimum
 * and maximum. A quantity below 0 is brought back to 0 by a row of its own.
 */
export function expectedQuantity(row: ExplainedRow, clientId: string): Made {
  // Usage that no rule covers is expected as it is counted.
  if (row.service_id === null) return systemCount(row);
  const id = literal(row.reconciliation_id);
  const client = literal(clientId);
  const service = literal(row.service_id);
  return {
    comesTo: {kind: "sum", column: "units"},
    sql: `
with
rules as (
  select *
  from service_rules as rules
  where is_in_force and service_id = ${service}
    and (
      client_id = ${client}
      or (client_id is null and not exists (
        select 1 from service_rules as own
        where own.is_in_force and own.client_id = ${client} and own.service_id = rules.service_id
          and own.connection_id = rules.connection_id
      ))
    )
    -- A rule has data where the client has an account and the connection provides what the rule counts.
    and connection_id in (select connection_id from accounts where client_id = ${client} and link_status = 'confirmed')
    and (
      (count_method in ('seats', 'identities') and connection_id in (select connection_id from seats))
      or exists (
        select 1 from lake_counts
        where lake_counts.connection_id = rules.connection_id and lake_counts.metric = rules.count_method
      )
    )
),
counts as (
  select rule_id, sum(counted_quantity) as counted
  from reconciliation_sources
  where reconciliation_id = ${id}
  group by rule_id
),
-- Rules that count people do so together.
grouped as (
  select string_agg(rules.rule_id, ', ' order by rules.rule_id) as rule, min(count_method) as count_method,
    sum(coalesce(counted, 0)) as counted, min(multiplier) as multiplier, min(minimum) as minimum, min(maximum) as maximum
  from rules left join counts on rules.rule_id = counts.rule_id
  group by case when count_method = 'identities' then '' else rules.rule_id end
),
multiplied as (
  select *, ceil(cast(multiplier as decimal(20, 10)) * cast(counted as decimal(18, 4))) as whole_units from grouped
),
steps as (
  select
    cast(least(greatest(whole_units, minimum), maximum) as decimal(18, 4)) as units,
    rule, count_method, cast(counted as decimal(18, 4)) as counted, multiplier, minimum, maximum
  from multiplied
  union all
  select -included_quantity, 'included in the agreement', null, null, null, null, null
  from reconciliation
  where reconciliation_id = ${id} and included_quantity <> 0
)
select * from steps
union all
select -sum(units), 'never less than 0', null, null, null, null, null from steps having sum(units) < 0
order by counted desc nulls last, rule`,
  };
}
