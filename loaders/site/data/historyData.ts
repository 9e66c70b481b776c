import {type Database, literal} from "../../database.js";
import {subject, subjectLabel} from "./impactSql.js";
import {type DataFolder, writeJson} from "./jsonFile.js";
import {slugOf} from "./slug.js";

/**
 * Writes `history.json`, what every month found, and `history/<month>.json`, what became of it since the month before, so
 * that a page reads one month's changes and no more. Expects the marts as views and the table `pages`.
 */
export async function writeHistoryData(database: Database, folder: DataFolder): Promise<void> {
  // Client by client: so a block of rows has few clients, and writes what they are called once.
  await database.run(
    `create table history_subjects as
     select row_number() over (order by max(client_id), reconciliation_id, currency) - 1 as subject, reconciliation_id,
       currency, max(client_id) as client_id, arg_max(client_name, period) as client_name,
       arg_max(connection_ids, period) as connection_ids,
       max(${subject}) as service, arg_max(${subjectLabel}, period) as label
     from history_discrepancies group by reconciliation_id, currency`,
  );
  await database.run(
    `create table history_names as
     select row_number() over (order by service, label) - 1 as named, service, label
     from (select distinct service, label from history_subjects)`,
  );
  await writeJson(folder, "history", database, {
    currencies: {
      sql: `select currency, coalesce(clients_total, 0) as clients
        from (select distinct currency from history) as found left join summary using (currency)`,
      order: "currency",
    },
    months: {sql: "select * from history", order: "period, currency"},
    services: {
      sql: "select period, 'service:' || service_id as service, currency, coverage_amount from history_services where service_id is not null",
      order: "service, period, currency",
    },
    names: {sql: "select service, label, named from history_names", order: "named"},
    subjects: {
      sql: `select subjects.client_id, slug, client_name, named, connection_ids, currency, subject
        from history_subjects as subjects
        inner join history_names as names
          on subjects.service is not distinct from names.service and subjects.label is not distinct from names.label
        left join pages on subjects.client_id = pages.client_id`,
      order: "subject",
    },
    found: {
      sql: `select subject, period, discrepancy_type, impact_monthly,
          case when impact_monthly is null then cast(sign(delta_quantity) as integer) end as unpriced
        from history_discrepancies as found
        inner join history_subjects as subjects
          on found.reconciliation_id = subjects.reconciliation_id and found.currency = subjects.currency`,
      order: "period, subject",
    },
  });
  for (const {period} of await database.rows("select distinct period from history_changes order by period")) {
    await writeJson(folder, `history/${slugOf(String(period))}`, database, {
      changes: {
        sql: `select subject, discrepancy_type, change_kind, reason, evidence, months_open, first_period, earliest_period,
            previous_impact_monthly, impact_monthly, appeared_monthly, resolved_monthly, uncompared_monthly,
            quantity_monthly, price_monthly, settled_monthly, credited_amount
          from history_changes as changes
          inner join history_subjects as subjects
            on changes.reconciliation_id = subjects.reconciliation_id and changes.currency = subjects.currency
          where period = ${literal(String(period))}`,
        order: "subject",
      },
    });
  }
}
