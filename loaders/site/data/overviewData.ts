import {summaryTotals} from "../../marts/summaryTotals.js";
import {sides, subject, subjectLabel} from "./impactSql.js";

/** What a bar of the overview needs; `id` is what the table is filtered by. */
const impactOf = (from: string, id: string, label: string): string => `
  select currency, id, label, under, over
  from (
    select currency, ${id} as id, min(${label}) as label, ${sides}
    from ${from}
    where status = 'discrepancy' and impact_monthly <> 0
    group by currency, ${id}
  ) as sums`;

const largestFirst = "currency, under + over desc, id";

/** What the overview reads, as tables of SQL over the marts. */
export const overview = {
  summary: {
    sql: summaryTotals(),
    order: "currency",
  },
  integrations: {
    sql: `select connection_id, kind, health, health_reason, last_success_at, rows_quarantined + coalesce(rows_unplaced, 0) as rows_left_out
      from integrations left join (
        select connection_id, sum(row_count) as rows_unplaced from data_problems where problem = 'unplaced' group by connection_id
      ) as unplaced using (connection_id)`,
    order: "case health when 'red' then 0 when 'yellow' then 1 else 2 end, kind, connection_id",
  },
  next: {
    sql: `select currency, place, client_name, slug, label, delta_quantity, impact_monthly, likely_cause, open_count
      from (
        select currency, client_name, slug, coalesce(service_name, product_name, product_id) as label, delta_quantity, impact_monthly,
          likely_cause,
          count(*) over (partition by currency) as open_count,
          row_number() over (partition by currency order by abs(impact_monthly) desc nulls last, reconciliation_id) as place
        from work_list inner join pages on work_list.client_id = pages.client_id
        where decision_state <> 'decided'
      ) as ranked
      where place <= 8`,
    order: "currency, place",
  },
  flags: {
    sql: `select currency, count(*) as flag_count, count(*) filter (severity = 'error') as error_count,
        max(amount_at_stake) filter (is_current) as most_at_stake,
        arg_max(client_id, (amount_at_stake, flag_id)) filter (is_current and amount_at_stake is not null) as client_id,
        arg_max(client_name, (amount_at_stake, flag_id)) filter (is_current and amount_at_stake is not null) as client_name,
        arg_max(flag_code, (amount_at_stake, flag_id)) filter (is_current and amount_at_stake is not null) as flag_code
      from flagged_services group by currency`,
    order: "currency",
  },
  by_client: {sql: impactOf("reconciliation", "client_id", "client_name"), order: largestFirst},
  by_service: {
    sql: impactOf("reconciliation", subject, subjectLabel),
    order: largestFirst,
  },
  by_type: {sql: impactOf("reconciliation", "discrepancy_type", "discrepancy_type"), order: largestFirst},
  by_integration: {
    sql: impactOf(
      "(select *, unnest(string_split(connection_ids, ';')) as connection_id from reconciliation) as counted",
      "connection_id",
      "connection_id",
    ),
    order: largestFirst,
  },
};
