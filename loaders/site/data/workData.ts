import {anyCompared} from "../../marts/summaryTotals.js";
import {restOfPeriods} from "./restOfPeriods.js";

/** What the work list reads, as tables of SQL over the marts. */
export const work = {
  totals: {
    sql: `select currency, strftime(as_of at time zone 'UTC', '%Y-%m-%d') as as_of_date, open_count, open_underbilled_monthly,
        open_overbilled_monthly, decided_count, decided_underbilled_monthly, decided_overbilled_monthly,
        ${anyCompared} as is_compared
      from summary`,
    order: "currency",
  },
  /** What the page shows, sorts, exports and decides by: ids never repeat, and theirs would be most of what is downloaded. */
  rows: {
    sql: `select work.client_id, slug, client_name, service_id, service_name, connection_ids, product_id, product_name,
        currency, discrepancy_type, likely_cause, cause_evidence, invoiced_quantity, expected_quantity, delta_quantity,
        impact_monthly, decision_state, decision, decision_reason, agreed_quantity, agreed_amount, agreed_currency, period, until_date,
        decided_delta_quantity, decided_impact_monthly, owner, decided_by, decided_at, known_since, age_days, prorated_amount,
        days_left, days_in_period, period_end, due_amount, was_due_elsewhere
      from work_list as work inner join pages on work.client_id = pages.client_id
      left join (${restOfPeriods}) as rest on work.reconciliation_id = rest.reconciliation_id`,
    order: "client_id, service_id, connection_ids, product_id, currency",
  },
  /** Decisions whose discrepancy is found no longer, with the first change since that says why. */
  gone: {
    sql: `select decisions.client_id, slug,
        coalesce(psa_clients.client_name, changes.client_name, decisions.client_id) as client_name,
        decisions.service_id, decisions.product_id,
        coalesce(
          services.service_name, products.product_name, changes.service_name, changes.product_name,
          decisions.service_id, decisions.product_id
        ) as label,
        coalesce(agreed_currency, changes.currency) as currency, decision, decision_reason, agreed_quantity, agreed_amount,
        agreed_currency, decided_delta_quantity, decided_impact_monthly, owner, decided_by, decided_at,
        changes.period as gone_in, changes.evidence, decisions.state, decision_id
      from decisions
      left join pages on decisions.client_id = pages.client_id
      left join psa_clients on decisions.client_id = psa_clients.client_id
      left join services on decisions.service_id = services.service_id
      left join products
        on decisions.connection_id = products.connection_id and decisions.product_id = products.product_id
      left join history_changes as changes
        on changes.change_kind in ('resolved', 'not_compared')
        and decisions.client_id = changes.client_id
        and decisions.service_id is not distinct from changes.service_id
        and decisions.product_id is not distinct from changes.product_id
        and (decisions.product_id is null or decisions.connection_id = changes.connection_ids)
        and changes.period >= coalesce(strftime(decisions.decided_at at time zone 'UTC', '%Y-%m'), '')
      where decisions.state in ('settled', 'not_compared') and decisions.decision is not null
      qualify row_number() over (partition by decision_id order by changes.period, changes.currency) = 1`,
    order: "decided_at desc nulls last, decision_id",
  },
};

/** The clients that a memo can be written to. */
export const memos = {
  clients: {
    sql: `select slug, client_name, count(distinct reconciliation_id) as discrepancies
      from adjustments inner join pages on adjustments.client_id = pages.client_id group by slug, client_name`,
    order: "client_name, slug",
  },
  compared: {
    sql: "select coalesce(sum(clients_reconciled + clients_discrepant), 0) as clients from summary",
    order: "1",
  },
};
