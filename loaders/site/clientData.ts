import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {type Database, literal} from "../database.js";
import {columnsOf, type DataFolder, jsonArray, type TextColumn} from "./jsonFile.js";
import type {ClientPage} from "./siteData.js";

/** Clients are written in ranges of about so many seats, so that neither their number nor that of seats decides about memory. */
const seatsAtOnce = 100_000;
const clientsAtOnce = 500;

interface Part {
  readonly name: string;
  /** Every row has a `client_id`. */
  readonly sql: string;
  readonly order: string;
}

/** What one client page shows, besides seats. */
const parts: readonly Part[] = [
  {
    name: "currencies",
    sql: `select client_id, client_name, status, currency, seat_count, service_count, discrepancy_count, underbilled_monthly,
        overbilled_monthly, net_monthly, unpriced_count, uncompared_count, flagged_count, inactive_count, billing_cycle,
        billing_timing, period_start, period_end, next_invoice_date, coverage_lines, coverage_amount
      from clients`,
    order: "service_count desc, discrepancy_count desc, currency",
  },
  {
    name: "rows",
    sql: `select client_id, reconciliation_id, service_id, service_name, connection_ids, product_id, product_name, currency,
        billing_cycle, period_start, period_end, invoiced_quantity, billed_basis, included_quantity, system_count, count_state,
        expected_quantity, delta_quantity, unit_rate, rate_basis, impact_amount, impact_monthly, status, discrepancy_type,
        likely_cause, cause_evidence
      from reconciliation`,
    order: `case status when 'discrepancy' then 0 when 'no_data' then 1 when 'not_reconciled' then 2 else 3 end,
      abs(impact_monthly) desc nulls last, service_name nulls last, reconciliation_id`,
  },
  {
    name: "sources",
    sql: `select rows.client_id, sources.reconciliation_id, sources.rule_id, sources.connection_id, sources.account_id,
        accounts.account_name, sources.product_id, products.product_name, sources.count_method, sources.raw_count,
        sources.counted_quantity, sources.last_synced_at
      from reconciliation_sources as sources
      inner join reconciliation as rows on sources.reconciliation_id = rows.reconciliation_id
      left join accounts
        on sources.connection_id = accounts.connection_id and sources.account_id = accounts.account_id
      left join products
        on sources.connection_id = products.connection_id and sources.product_id = products.product_id`,
    order: "reconciliation_id, rule_id, connection_id, account_id, product_id",
  },
  {
    name: "rules",
    sql: `select billed.client_id, rules.rule_id, rules.service_id, rules.connection_id, rules.product_ids, rules.kinds,
        rules.statuses, rules.count_method, rules.multiplier, rules.minimum, rules.maximum, rules.valid_from, rules.valid_to,
        rules.client_id is not null as is_specific, rules.note
      from (select distinct client_id, service_id from reconciliation where service_id is not null) as billed
      inner join service_rules as rules
        on billed.service_id = rules.service_id and (rules.client_id is null or rules.client_id = billed.client_id)
      where rules.is_in_force
        and (
          rules.client_id is not null
          or not exists (
            select 1 from service_rules as own
            where own.is_in_force and own.client_id = billed.client_id and own.service_id = rules.service_id
              and own.connection_id = rules.connection_id
          )
        )`,
    order: "service_id, rule_id",
  },
  {
    name: "groups",
    sql: `select seats.client_id, seats.connection_id, seats.product_id, min(products.product_name) as product_name, seats.kind,
        seats.status, seats.disposition, seats.disposition_reason, sum(seats.seat_count) as seat_count
      from seat_groups as seats
      left join products on seats.connection_id = products.connection_id and seats.product_id = products.product_id
      where seats.client_id is not null and seats.disposition <> 'counted'
      group by seats.client_id, seats.connection_id, seats.product_id, seats.kind, seats.status, seats.disposition,
        seats.disposition_reason`,
    order: "connection_id, product_id, disposition, kind, status",
  },
  {
    name: "lines",
    sql: `select client_id, line_id, reconciliation_id, service_name, agreement_id, agreement_name, invoice_number, invoice_date,
        description, quantity, net_quantity, unit_price, amount, currency, is_credit, basis, billing_cycle, period_start,
        period_end, is_compared
      from services_billed`,
    order: "service_name nulls last, invoice_date, line_id",
  },
  {
    name: "work",
    sql: "select * from work_list",
    order: "abs(impact_monthly) desc nulls last, reconciliation_id",
  },
  {
    name: "adjustments",
    sql: "select * from adjustments",
    order: "service_name nulls last, reconciliation_id, agreement_line_id nulls last, adjustment_id",
  },
  {
    name: "counted",
    sql: `select counted.* from counted_groups as counted
      inner join (select distinct reconciliation_id from adjustments) as changed
        on counted.reconciliation_id = changed.reconciliation_id`,
    order: "reconciliation_id, connection_id, account_id, product_id, kind, status",
  },
  {
    name: "flags",
    sql: `select client_id, flag_code, severity, service_name, invoice_number, line_id, message, evidence, amount_at_stake,
        currency, is_current, flag_id
      from flagged_services`,
    order: "case severity when 'error' then 0 when 'warning' then 1 else 2 end, flag_code, flag_id",
  },
  {
    name: "integrations",
    sql: `select linked.*, integrations.health_reason, integrations.last_attempt_at
      from client_integrations as linked inner join integrations on linked.connection_id = integrations.connection_id`,
    order: "connection_id",
  },
  {
    name: "accounts",
    sql: `select client_id, connection_id, account_id, account_name, domain, note, seat_count
      from accounts where link_status = 'confirmed'`,
    order: "connection_id, account_name, account_id",
  },
  {
    name: "months",
    sql: `select client_id, period, currency, discrepancy_count, underbilled_monthly, overbilled_monthly, net_monthly,
        coverage_amount, period in (select period from history where is_closed) as is_closed
      from history_clients`,
    order: "currency, period",
  },
  {
    name: "changes",
    sql: `select client_id, coalesce(service_name, product_name) as label, currency, change_kind, evidence, months_open,
        first_period, previous_impact_monthly, impact_monthly
      from history_changes
      where period = (select max(period) from history_changes)`,
    order: "abs(coalesce(impact_monthly, previous_impact_monthly)) desc nulls last, label",
  },
];

/**
 * Writes `clients/<slug>.json` and `seats/<slug>.json` for every client. Expects the marts as views. What a client's page
 * shows goes through `scratch`, sorted by client, and from there as a stream: one client is in memory at a time.
 */
export async function writeClientData(
  database: Database,
  folder: DataFolder,
  clients: readonly ClientPage[],
  scratch: string,
): Promise<void> {
  await mkdir(join(folder.path, "clients"), {recursive: true});
  await mkdir(join(folder.path, "seats"), {recursive: true});
  const heads = await gatherParts(database, scratch);
  const connections = await database.rows(
    "select connection_id, kind, health, health_reason from integrations order by connection_id",
  );
  const [asOf] = await database.rows("select strftime(max(as_of) at time zone 'UTC', '%Y-%m-%d') as day from summary");
  const place = new Map(clients.map(({clientId}, index) => [clientId, index]));
  const write = async (name: string, text: string): Promise<void> => {
    folder.hash.update(text);
    await writeFile(join(folder.path, `${name}.json`), text);
  };
  const {head, lines} = await describeSeats(database);
  // A connection has one result at a time.
  const second = await database.connect();
  for (const among of await ranges(database)) {
    const seats = seatsByClient(second, lines(among));
    let next = await seats.next();
    for await (const {clientId, texts} of partsByClient(database, among)) {
      let groups = "";
      if (next.done !== true && next.value.clientId === clientId) {
        groups = next.value.groups;
        next = await seats.next();
      }
      const index = place.get(clientId) ?? 0;
      const {slug, name} = clients[index] as ClientPage;
      const tables = parts.map(
        (part) =>
          `${JSON.stringify(part.name)}:{"columns":${heads.get(part.name)},"rows":[${texts.get(part.name) ?? ""}]}`,
      );
      const facts = {
        client_id: clientId,
        name,
        slug,
        as_of_date: asOf?.day ?? "",
        connections,
        previous: neighbour(clients[index - 1]),
        next: neighbour(clients[index + 1]),
      };
      await write(`clients/${slug}`, `${JSON.stringify(facts).slice(0, -1)},${tables.join(",")}}`);
      await write(`seats/${slug}`, `${head},"groups":[${groups}]}`);
    }
  }
  second.close();
}

function neighbour(client: ClientPage | undefined): {slug: string; name: string} | null {
  return client === undefined ? null : {slug: client.slug, name: client.name};
}

/** Makes a file of every part, its rows as JSON, sorted by client, and a view `part_<name>` of it. Returns their columns as JSON. */
async function gatherParts(database: Database, scratch: string): Promise<Map<string, string>> {
  await mkdir(scratch, {recursive: true});
  const heads = new Map<string, string>();
  for (const {name, sql, order} of parts) {
    const columns = (await columnsOf(database, sql)).filter((column) => column.name !== "client_id");
    heads.set(name, JSON.stringify(columns.map((column) => column.name)));
    const file = literal(join(scratch, `${name}.parquet`));
    // Row groups of few rows, as every one that holds a client in question is read as a whole.
    await database.run(
      `copy (
         select client_id, ${jsonArray(columns)} as line from (select * from (${sql}) order by client_id, ${order})
       ) to ${file} (format parquet, compression zstd, row_group_size 10240)`,
    );
    await database.run(
      `create view part_${name} as
       select client_id, line, file_row_number as position from read_parquet(${file}, file_row_number = true)`,
    );
  }
  return heads;
}

/** Clients in the order of their ids, cut where enough seats have come together. */
async function ranges(database: Database): Promise<string[][]> {
  const rows = await database.rows(
    `select pages.client_id, cast(coalesce(sum(accounts.seat_count), 0) as integer) as seats
     from pages left join accounts on pages.client_id = accounts.client_id
     group by pages.client_id order by pages.client_id`,
  );
  const found: string[][] = [];
  let seats = 0;
  for (const row of rows) {
    const last = found.at(-1);
    if (last === undefined || seats + Number(row.seats) > seatsAtOnce || last.length >= clientsAtOnce) {
      found.push([String(row.client_id)]);
      seats = Number(row.seats);
    } else {
      last.push(String(row.client_id));
      seats += Number(row.seats);
    }
  }
  return found;
}

function within(among: readonly string[]): string {
  return `client_id between ${literal(among[0] ?? "")} and ${literal(among.at(-1) ?? "")}`;
}

/** Every client of a range, with the rows of each part as JSON without brackets. */
async function* partsByClient(
  database: Database,
  among: readonly string[],
): AsyncGenerator<{clientId: string; texts: ReadonlyMap<string, string>}> {
  const selects = parts.map(
    ({name}) =>
      `select client_id, '${name}' as part, string_agg(line, ',' order by position) as text
       from part_${name} where ${within(among)} group by client_id`,
  );
  const result = await database.connection.stream(
    `select client_id, part, text
     from (select client_id, '' as part, '' as text from pages where ${within(among)} union all ${selects.join(" union all ")})
     order by client_id`,
  );
  let current: {clientId: string; texts: Map<string, string>} | undefined;
  for await (const rows of result.yieldRows()) {
    for (const [id, part, text] of rows) {
      if (id !== current?.clientId) {
        if (current !== undefined) yield current;
        current = {clientId: String(id), texts: new Map()};
      }
      current?.texts.set(String(part), String(text));
    }
  }
  if (current !== undefined) yield current;
}

/** Columns that many seats share, and those that each has for itself. */
const shared = [
  "connection_id",
  "account_id",
  "account_name",
  "product_id",
  "product_name",
  "kind",
  "status",
  "disposition",
  "disposition_reason",
  "rule_id",
  "activity_state",
];
const own = [
  "seat_id",
  "display_name",
  "identifier",
  "created_at",
  "last_activity_at",
  "days_inactive",
  "commitment_end",
];

/** The columns of seats as JSON, and the query for those of a range of clients: client, what seats share, what each has for itself. */
async function describeSeats(database: Database) {
  const seats = `
    select seats.*, accounts.account_name, products.product_name
    from seats
    inner join pages on seats.client_id = pages.client_id
    left join accounts on seats.connection_id = accounts.connection_id and seats.account_id = accounts.account_id
    left join products on seats.connection_id = products.connection_id and seats.product_id = products.product_id`;
  const columns = await columnsOf(database, seats);
  const pick = (names: readonly string[]): TextColumn[] => columns.filter(({name}) => names.includes(name));
  const inOrder = (names: readonly string[]): string => JSON.stringify(pick(names).map(({name}) => name));
  return {
    head: `{"shared":${inOrder(shared)},"own":${inOrder(own)}`,
    lines: (among: readonly string[]): string =>
      `select client_id, ${jsonArray(pick(shared))}, ${jsonArray(pick(own))}
       from (${seats} where seats.${within(among)} order by seats.client_id, ${shared.join(", ")}, seat_id)`,
  };
}

/**
 * `{"group": [...], "seats": [[...], ...]}, ...` per client: what seats share is written once. Put together here, as DuckDB
 * keeps what it aggregates to texts in memory, however many seats a client has.
 */
async function* seatsByClient(
  database: Database,
  lines: string,
): AsyncGenerator<{readonly clientId: string; readonly groups: string}> {
  const result = await database.connection.stream(lines);
  let clientId = "";
  let group: unknown;
  let groups = "";
  for await (const rows of result.yieldRows()) {
    for (const [id, common, seat] of rows) {
      if (id !== clientId) {
        if (groups !== "") yield {clientId, groups: `${groups}]}`};
        clientId = String(id);
        group = undefined;
        groups = "";
      }
      if (common === group) groups += `,${seat}`;
      else groups += `${groups === "" ? "" : "]},"}{"group":${common},"seats":[${seat}`;
      group = common;
    }
  }
  if (groups !== "") yield {clientId, groups: `${groups}]}`};
}
