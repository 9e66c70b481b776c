-- The likely cause of each discrepancy with its evidence, the first that applies: the count is stale or partial (sync); an
-- account that should be this client's is unlinked, or one that is linked to it looks like another client's
-- (client_mapping); usage of the same connections is not covered by a rule (service_mapping); else a real gap. Rows that were
-- quarantined and products that could not be counted change no cause, but whoever reads the evidence must know of them: they
-- are missing from the figures. So of credits: they change no quantity, and what they gave back would be given once more.
-- And of lines that ended while their invoice goes on: after a change of price the old line and the new one both bill.
with

unhealthy as (
  select
    connections.reconciliation_id,
    joined(connections.connection_id || ' is ' || health.health, '; ') as evidence
  from row_connections as connections
  inner join connection_health as health on connections.connection_id = health.connection_id
  where health.health <> 'green'
  group by connections.reconciliation_id
),

missing_accounts as (
  select
    connections.reconciliation_id,
    min(
      'Unlinked account "' || links.account_name || '" in ' || links.connection_id || ' looks like this client ('
        || matches.evidence || ').'
    ) as evidence
  from row_connections as connections
  inner join account_matches as matches
    on connections.connection_id = matches.connection_id
    and connections.client_id = matches.client_id
    and matches.score >= 0.88
  inner join account_links as links
    on matches.connection_id = links.connection_id
    and matches.account_id = links.account_id
    and links.link_status = 'unlinked'
  group by connections.reconciliation_id
),

wrong_accounts as (
  select
    doubtful.client_id,
    min(
      'Account "' || doubtful.account_name || '" in ' || doubtful.connection_id
        || ' is linked to this client but looks like "' || clients.client_name || '" (' || doubtful.evidence || ').'
    ) as evidence
  from doubtful_links as doubtful
  inner join stg_clients as clients on doubtful.other_client_id = clients.client_id
  group by doubtful.client_id
),

uncovered_products as (
  select
    connections.reconciliation_id,
    min(
      'No rule covers "' || products.product_name || '" in ' || usage.connection_id || ', which this client uses.'
    ) as evidence
  from row_connections as connections
  inner join unaccounted_products as usage
    on connections.connection_id = usage.connection_id and connections.client_id = usage.client_id
  inner join stg_products as products
    on usage.connection_id = products.connection_id and usage.product_id = products.product_id
  group by connections.reconciliation_id
),

incomplete_connections as (
  select
    connection_id,
    side,
    case
      when rows_quarantined = 1 then '1 row of ' || connection_id || ' was quarantined, so '
      else cast(rows_quarantined as varchar) || ' rows of ' || connection_id || ' were quarantined, so '
    end
    || case when side = 'psa' then 'part of what is billed may be missing.' else 'the count may be too low.' end as evidence
  from connection_health
  where rows_quarantined > 0
),

unmeasured as (
  select
    products.client_id,
    products.service_id,
    min(
      products.connection_id
      || case
        when products.count_method in ('seats', 'identities')
          then ' lists no seats of "' || names.product_name || '" for account "' || accounts.account_name || '", only a total'
        else ' states no total of "' || names.product_name || '" (' || products.count_method || ') for account "' || accounts.account_name || '"'
      end
      || ', so the count may be too low.'
    ) as evidence
  from unmeasured_products as products
  inner join stg_products as names
    on products.connection_id = names.connection_id and products.product_id = names.product_id
  inner join stg_accounts as accounts
    on products.connection_id = accounts.connection_id and products.account_id = accounts.account_id
  group by products.client_id, products.service_id
),

credits as (
  select
    reconciliation_id,
    case when min(case when amount is null then 0 else 1 end) = 1 then -sum(amount) end as amount,
    min(currency) as currency,
    joined_distinct(coalesce(invoice_number, invoice_id), ', ') as invoices
  from row_lines
  where is_credit
  group by reconciliation_id
),

ended_rows as (
  select
    lines.reconciliation_id,
    joined_distinct(
      'Since ' || cast(ends.end_date as varchar) || ' ' || coalesce(lines.invoice_number, lines.invoice_id) || ' bills '
        || number_text(lines.net_quantity) || ' for an agreement line that has ended.',
      ' '
    ) as evidence
  from row_lines as lines
  inner join ended_lines as ends on lines.line_id = ends.line_id
  group by lines.reconciliation_id
),

credited_rows as (
  select
    reconciliation_id,
    coalesce(
      'Credited for it already: ' || money_text(cast(amount as decimal(18, 2)), currency) || ', by ' || invoices || '.',
      'Credited for it already, by ' || invoices || '.'
    ) as evidence
  from credits
  where amount is null or amount > 0
),

incomplete_rows as (
  select reconciliation_id, joined(evidence, ' ') as evidence
  from (
    select connections.reconciliation_id, incomplete.evidence
    from row_connections as connections
    inner join incomplete_connections as incomplete on connections.connection_id = incomplete.connection_id
    union all
    select rows.reconciliation_id, incomplete.evidence
    from row_amounts as rows
    cross join incomplete_connections as incomplete
    where incomplete.side = 'psa' and not rows.is_unaccounted
    union all
    select rows.reconciliation_id, unmeasured.evidence
    from row_amounts as rows
    inner join unmeasured on rows.client_id = unmeasured.client_id and rows.service_id = unmeasured.service_id
  ) as found
  group by reconciliation_id
),

final as (
  select
    rows.reconciliation_id,
    case
      when rows.count_state in ('stale', 'partial') then 'sync'
      when rows.delta_quantity < 0 and missing_accounts.evidence is not null then 'client_mapping'
      when rows.delta_quantity > 0 and wrong_accounts.evidence is not null then 'client_mapping'
      when rows.is_unaccounted then 'service_mapping'
      when rows.delta_quantity < 0 and uncovered_products.evidence is not null then 'service_mapping'
      else 'billing_gap'
    end as likely_cause,
    case
      when rows.count_state = 'stale' then 'The count is not current: ' || unhealthy.evidence || '.'
      when rows.count_state = 'partial' then coalesce(
        'Part of the count is missing: ' || unhealthy.evidence || '.',
        'Part of the count is missing: not every connection of its rules has data for this client.'
      )
      when rows.delta_quantity < 0 and missing_accounts.evidence is not null then missing_accounts.evidence
      when rows.delta_quantity > 0 and wrong_accounts.evidence is not null then wrong_accounts.evidence
      when rows.is_unaccounted then 'No rule covers this product.'
      when rows.delta_quantity < 0 and uncovered_products.evidence is not null then uncovered_products.evidence
      when incomplete_rows.evidence is not null and rows.delta_quantity > 0 then 'More is used than is billed.'
      when incomplete_rows.evidence is not null then 'More is billed than is used.'
      when rows.delta_quantity > 0
        then 'Everything is linked and current: more is used than is billed.'
      else 'Everything is linked and current: more is billed than is used.'
    end
    || case
      when rows.delta_quantity < 0
        then coalesce(' ' || ended_rows.evidence, '') || coalesce(' ' || credited_rows.evidence, '')
      else coalesce(' ' || named_alike.evidence, '')
    end
    || coalesce(' ' || incomplete_rows.evidence, '') as cause_evidence
  from row_amounts as rows
  left join unhealthy on rows.reconciliation_id = unhealthy.reconciliation_id
  left join missing_accounts on rows.reconciliation_id = missing_accounts.reconciliation_id
  left join wrong_accounts on rows.client_id = wrong_accounts.client_id
  left join uncovered_products on rows.reconciliation_id = uncovered_products.reconciliation_id
  left join named_alike on rows.client_id = named_alike.client_id and rows.service_id = named_alike.service_id
  left join ended_rows on rows.reconciliation_id = ended_rows.reconciliation_id
  left join credited_rows on rows.reconciliation_id = credited_rows.reconciliation_id
  left join incomplete_rows on rows.reconciliation_id = incomplete_rows.reconciliation_id
  where rows.status = 'discrepancy'
)

select * from final
