-- Everything that a seat has from its cell, so that the many seats are joined to few rows: one row per cell, and one more per
-- cell and reason for which exclusions name some of its seats. named_reason is '' in the former. activity_state is null where
-- it follows from the seat's own dates.
with

named as (
  select distinct connection_id, account_id, product_id, kind_key, status, reason
  from excluded_seats
),

united as (
  select
    connection_id, account_id, product_id, kind_key, status,
    '' as named_reason,
    client_id, disposition, disposition_reason, rule_id
  from cell_dispositions
  union all
  select
    cells.connection_id, cells.account_id, cells.product_id, cells.kind_key, cells.status,
    named.reason as named_reason,
    cells.client_id,
    case when cells.disposition = 'deleted' then 'deleted' else 'excluded' end as disposition,
    case when cells.disposition in ('deleted', 'excluded') then cells.disposition_reason else named.reason end as disposition_reason,
    null as rule_id
  from named
  inner join cell_dispositions as cells
    on named.connection_id = cells.connection_id
    and named.account_id = cells.account_id
    and named.product_id = cells.product_id
    and named.kind_key = cells.kind_key
    and named.status = cells.status
),

final as (
  select
    united.connection_id,
    united.account_id,
    united.product_id,
    united.kind_key,
    united.status,
    united.named_reason,
    united.client_id,
    nullif(united.kind_key, '') as kind,
    united.disposition,
    united.disposition_reason,
    united.rule_id,
    case
      when united.status <> 'active' or united.disposition not in ('counted', 'filtered', 'unaccounted') then 'not_assessed'
      when united.kind_key = 'shared_mailbox' then 'shared_mailbox'
      when not reporting.reports_activity then 'unknown'
    end as activity_state
  from united
  inner join activity_reporting as reporting on united.connection_id = reporting.connection_id
)

select * from final
