import {join} from "node:path";
import {canonicalTables} from "../canonical.js";
import {type Database, literal, openDatabase} from "../database.js";
import {viewMarts} from "../marts/martFiles.js";
import {isMart, readModels} from "../marts/models.js";
import {charts} from "./chartData.js";
import {writeClientData} from "./clientData.js";
import type {ClientPage} from "./clientPages.js";
import {describeConnectors} from "./connectorSettings.js";
import {exampleQueries} from "./exampleQueries.js";
import {writeHistoryData} from "./historyData.js";
import {writeInactiveData} from "./inactiveData.js";
import {openDataFolder, writeJson} from "./jsonFile.js";
import {clientMapping, serviceMapping} from "./mappingData.js";
import {margin, marginRows, unusedLicences} from "./marginData.js";
import {readPresets} from "./presets.js";
import {quarantineData} from "./quarantineData.js";
import {restOfPeriods} from "./restOfPeriods.js";
import {slugOf} from "./slug.js";
import {documentedTables} from "./tables.js";

export interface SiteDataOptions {
  /** Folder of the marts. */
  readonly marts: string;
  /** Where the data of the pages goes. */
  readonly folder: string;
  readonly inactiveAfterDays: number;
  /** Where DuckDB puts what does not fit into memory. */
  readonly tempDirectory: string;
  readonly memoryLimit?: string;
}

export interface SiteData {
  /** In the order of their impact, the largest first. */
  readonly clients: readonly ClientPage[];
  /** The instant that the figures hold for, ISO 8601. */
  readonly asOf: string;
  /** Fingerprint of all data: goes into its addresses, so that no cache mixes two builds. */
  readonly version: string;
}

/** Writes the JSON files that the pages read, straight from the marts. */
export async function writeSiteData(options: SiteDataOptions): Promise<SiteData> {
  const {marts, inactiveAfterDays, tempDirectory, memoryLimit} = options;
  const folder = openDataFolder(options.folder);
  const database = await openDatabase({tempDirectory, memoryLimit});
  try {
    const names = (await readModels()).filter(isMart).map(({name}) => name);
    await viewMarts(database, marts, names);
    const clients = await rankClients(database);
    const [period] = await database.rows(
      `select strftime(max(as_of) at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as as_of from summary`,
    );
    await writeJson(folder, "overview", database, overview);
    await writeJson(folder, "billing", database, {inactive_after_days: inactiveAfterDays, ...billing});
    await writeJson(folder, "flagged", database, flagged);
    await writeInactiveData(database, folder, {inactiveAfterDays});
    await writeJson(folder, "charts", database, charts);
    await writeJson(folder, "margin", database, margin);
    await writeJson(folder, "margin-rows", database, marginRows);
    await writeJson(folder, "unused-licences", database, unusedLicences);
    await writeJson(folder, "integrations", database, integrations);
    await writeJson(folder, "mapping", database, mapping);
    await writeJson(folder, "mapping/clients", database, clientMapping);
    await writeJson(folder, "mapping/services", database, {...serviceMapping, presets: await readPresets()});
    await writeJson(folder, "work", database, work);
    await writeJson(folder, "memos", database, memos);
    await writeHistoryData(database, folder);
    await writeJson(folder, "guide", database, await guide());
    await writeJson(folder, "explore", database, {tables: await documentedTables(), examples: await exampleQueries()});
    await writeClientData(database, folder, clients, join(tempDirectory, "clients"));
    return {clients, asOf: String(period?.as_of ?? ""), version: folder.hash.digest("hex").slice(0, 16)};
  } finally {
    database.close();
  }
}

/** The clients by impact, and the table `pages` that gives each its slug and its place. */
async function rankClients(database: Database): Promise<ClientPage[]> {
  const rows = await database.rows(
    `select client_id, min(client_name) as client_name, max(absolute_monthly) as impact
     from clients group by client_id order by impact desc, client_id`,
  );
  const clients = rows.map((row): ClientPage => {
    const clientId = String(row.client_id);
    return {clientId, name: String(row.client_name), slug: slugOf(clientId)};
  });
  await database.run("create table pages (client_id varchar, slug varchar)");
  const atOnce = 1000;
  for (let start = 0; start < clients.length; start += atOnce) {
    const values = clients
      .slice(start, start + atOnce)
      .map(({clientId, slug}) => `(${literal(clientId)}, ${literal(slug)})`);
    await database.run(`insert into pages values ${values.join(", ")}`);
  }
  return clients;
}

/** What a bar of the overview needs; `id` is what the table is filtered by. */
const impactOf = (from: string, id: string, label: string): string => `
  select currency, id, label, under, over
  from (
    select currency, ${id} as id, min(${label}) as label,
      sum(case when impact_monthly > 0 then impact_monthly else 0 end) as under,
      -sum(case when impact_monthly < 0 then impact_monthly else 0 end) as over
    from ${from}
    where status = 'discrepancy' and impact_monthly <> 0
    group by currency, ${id}
  ) as sums`;

const largestFirst = "currency, under + over desc, id";

const overview = {
  summary: {sql: "select * from summary", order: "clients_total desc, currency"},
  integrations: {
    sql: "select connection_id, kind, health, health_reason, last_success_at from integrations",
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
        arg_max(client_name, (amount_at_stake, flag_id)) filter (is_current and amount_at_stake is not null) as client_name,
        arg_max(flag_code, (amount_at_stake, flag_id)) filter (is_current and amount_at_stake is not null) as flag_code
      from flagged_services group by currency`,
    order: "currency",
  },
  by_client: {sql: impactOf("reconciliation", "client_id", "client_name"), order: largestFirst},
  by_service: {
    sql: impactOf(
      "reconciliation",
      "coalesce('service:' || service_id, 'product:' || connection_ids || ':' || product_id)",
      "coalesce(service_name, product_name || ' (no service)')",
    ),
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

const billing = {
  integrations: {
    sql: "select connection_id, kind, health, health_reason from integrations",
    order: "connection_id",
  },
  totals: {
    sql: `select (select count(*) from flagged_services) as flags, (select count(*) from inactive_seats) as inactive_seats`,
    order: "1",
  },
  clients: {
    sql: `select clients.client_id, slug, client_name, currency, service_count, reconciled_count, flagged_count,
        inactive_count, billing_cycle, period_start, period_end, next_invoice_date, coverage_amount, worst_health
      from clients inner join pages on clients.client_id = pages.client_id`,
    order: "client_id, currency",
  },
  rows: {
    sql: `select client_id, currency, service_id, coalesce(service_name, product_name) as label,
        case when service_id is null and product_id is not null then connection_ids || ':' || product_id end as product,
        connection_ids, status, discrepancy_type, sign(coalesce(nullif(impact_monthly, 0), delta_quantity)) as direction,
        impact_monthly,
        billed_basis is not null as is_billed
      from reconciliation`,
    order: "client_id, currency, service_id, product",
  },
  flags: {
    sql: `select client_id, service_id, count(*) as flags from flagged_services
      where service_id is not null group by client_id, service_id`,
    order: "client_id, service_id",
  },
  seats: {
    sql: `select client_id, connection_id, seats_counted + seats_unaccounted as seats from client_integrations
      where seats_total is not null`,
    order: "client_id, connection_id",
  },
};

const flagged = {
  flags: {
    sql: `select flags.client_id, slug, client_name, flag_code, severity, service_id, service_name, invoice_id, invoice_number, line_id, agreement_id,
        message, evidence, amount_at_stake, currency, is_current, flag_id
      from flagged_services as flags left join pages on flags.client_id = pages.client_id`,
    // Within a severity: what is billed now first, then by what is at stake, the flags of a client together.
    order: "is_current desc, amount_at_stake desc nulls last, client_name, flag_code, invoice_number, flag_id",
  },
};

const integrations = {
  integrations: {sql: "select * from integrations", order: "kind, connection_id"},
  ...quarantineData,
  problems: {sql: "select * from data_problems", order: "problem, table_name, column_name, missing_id"},
};

const mapping = {
  integrations: {
    sql: "select connection_id from integrations where kind = 'usage' and last_success_at is not null",
    order: "connection_id",
  },
  work: {
    sql: `select work.*, pages.slug from mapping_work as work left join pages on work.suggested_client_id = pages.client_id`,
    order: "kind, seat_count desc, connection_id, account_id, product_id",
  },
};

const work = {
  totals: {
    sql: `select currency, strftime(as_of at time zone 'UTC', '%Y-%m-%d') as as_of_date, open_count, open_underbilled_monthly,
        open_overbilled_monthly, decided_count, decided_underbilled_monthly, decided_overbilled_monthly
      from summary`,
    order: "open_count + decided_count desc, currency",
  },
  /** What the page shows, sorts, exports and decides by: ids never repeat, and theirs would be most of what is downloaded. */
  rows: {
    sql: `select work.client_id, slug, client_name, service_id, service_name, connection_ids, product_id, product_name,
        currency, discrepancy_type, likely_cause, invoiced_quantity, expected_quantity, delta_quantity, impact_monthly,
        decision_state, decision, decision_reason, agreed_quantity, agreed_amount, agreed_currency, period, until_date,
        decided_delta_quantity, decided_impact_monthly, owner, decided_by, decided_at, known_since, age_days, prorated_amount,
        days_left, days_in_period, period_end, due_amount, was_due_before
      from work_list as work inner join pages on work.client_id = pages.client_id
      left join (${restOfPeriods}) as rest on work.reconciliation_id = rest.reconciliation_id`,
    order: "client_id, service_id, connection_ids, product_id, currency",
  },
  /** Decisions whose discrepancy is found no longer, with the first change since that says why. */
  gone: {
    sql: `select decisions.client_id, slug, psa_clients.client_name, decisions.service_id, decisions.product_id,
        coalesce(services.service_name, products.product_name, decisions.service_id, decisions.product_id) as label,
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

const memos = {
  clients: {
    sql: `select slug, client_name, count(distinct reconciliation_id) as discrepancies
      from adjustments inner join pages on adjustments.client_id = pages.client_id group by slug, client_name`,
    order: "client_name, slug",
  },
};

async function guide(): Promise<Record<string, unknown>> {
  const models = await readModels();
  return {
    files: Object.values(canonicalTables).map(({name, side, description, columns}) => ({
      name,
      side,
      description,
      columns: columns.map(({name: column, kind, required, choices, description: meaning}) => ({
        name: column,
        kind,
        required,
        choices,
        description: meaning,
      })),
    })),
    marts: models
      .filter(isMart)
      .map(({name, doc}) => ({name, description: doc.description, key: doc.key, columns: doc.columns}))
      .sort((a, b) => (a.name < b.name ? -1 : 1)),
    connectors: describeConnectors(),
  };
}
