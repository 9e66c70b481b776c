import {anyCompared} from "../../marts/summaryTotals.js";
import {sides, subject, subjectLabel} from "./impactSql.js";

/** What the page of charts reads, as tables of SQL over the marts. */
export const charts = {
  currencies: {
    sql: `select currency, clients_total as clients, ${anyCompared} as is_compared
      from summary`,
    order: "currency",
  },
  clients: {
    sql: `select currency, client_id as id, client_name as label, underbilled_monthly as under, overbilled_monthly as over
      from clients where absolute_monthly > 0`,
    order: "currency, under + over desc, id",
  },
  cells: {
    sql: `select currency, client_id, service_id, label, under, over from (
        select currency, client_id, ${subject} as service_id, min(${subjectLabel}) as label, ${sides}
        from reconciliation
        where status = 'discrepancy' and impact_monthly <> 0
        group by currency, client_id, ${subject}
      ) as cells`,
    order: "currency, client_id, service_id",
  },
  quantities: {
    sql: `select currency, service_id as id, min(service_name) as label, count(*) as client_count,
        sum(invoiced_quantity) as billed, sum(expected_quantity) as used,
        sum(case when delta_quantity > 0 then delta_quantity else 0 end) as missing,
        -sum(case when delta_quantity < 0 then delta_quantity else 0 end) as surplus
      from reconciliation
      where status in ('reconciled', 'discrepancy') and service_id is not null
      group by currency, service_id`,
    order: "currency, missing + surplus desc, billed desc, id",
  },
};
