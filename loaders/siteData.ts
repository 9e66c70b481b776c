import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {type Database, literal, openDatabase} from "./database.js";
import {slugOf} from "./slug.js";

/** A client as the site knows it: one page, whatever the number of its currencies. */
export interface ClientPage {
  readonly clientId: string;
  readonly name: string;
  readonly slug: string;
}

export interface SiteDataOptions {
  readonly marts: string;
  readonly folder: string;
  readonly name: string;
  readonly inactiveAfterDays: number;
}

type Row = Record<string, unknown>;

/** Rows of many clients at a time, so that neither their number nor that of their seats decides how much memory it takes. */
const clientsAtOnce = 200;

/**
 * Writes the JSON files that the pages read. Every value is text or null, decimals exact. Returns the clients in the order
 * of their impact, the largest first.
 */
export async function writeSiteData({marts, folder, name, inactiveAfterDays}: SiteDataOptions): Promise<ClientPage[]> {
  await mkdir(join(folder, "clients"), {recursive: true});
  await mkdir(join(folder, "seats"), {recursive: true});
  const database = await openDatabase();
  try {
    const mart = (table: string): string => `read_parquet(${literal(join(marts, `${table}.parquet`))})`;
    const read = (table: string, order: string, where = "true"): Promise<Row[]> =>
      textRows(database, `select * from ${mart(table)} where ${where} order by ${order}`);
    const write = (file: string, value: unknown): Promise<void> =>
      writeFile(join(folder, `${file}.json`), JSON.stringify(value));

    const summary = await read("summary", "clients_total desc, currency");
    const clientRows = await read("clients", "absolute_monthly desc, client_id, currency");
    const products = await read("products", "connection_id, product_id");
    const rules = await read("service_rules", "rule_id");
    const withSlugs = clientRows.map((row): Row => ({...row, slug: slugOf(String(row.client_id))}));
    await write("site", {
      name,
      as_of: summary[0]?.as_of ?? null,
      inactive_after_days: inactiveAfterDays,
      summary,
      integrations: await read("integrations", "kind, connection_id"),
    });
    await write("clients", withSlugs);
    await write("billing", {
      rows: await textRows(
        database,
        `select client_id, client_name, service_id, service_name, product_name, connection_ids, currency, status, discrepancy_type,
           delta_quantity, impact_monthly, billed_basis
         from ${mart("reconciliation")} order by reconciliation_id`,
      ),
      seatCounts: await textRows(
        database,
        `select client_id, connection_id, seats_counted, seats_unaccounted from ${mart("client_integrations")} order by 1, 2`,
      ),
    });
    await write("flagged", await read("flagged_services", "flag_id"));
    await write("inactive", await read("inactive_seats", "client_id, connection_id, account_id, product_id, seat_id"));
    await write("mapping", await read("mapping_work", "kind, seat_count desc, connection_id, account_id, product_id"));

    const pages = [...new Map(withSlugs.map((row) => [row.client_id, row])).values()].map(
      (row): ClientPage => ({
        clientId: String(row.client_id),
        name: String(row.client_name),
        slug: String(row.slug),
      }),
    );
    for (let start = 0; start < pages.length; start += clientsAtOnce) {
      const part = pages.slice(start, start + clientsAtOnce);
      const among = `client_id in (${part.map(({clientId}) => literal(clientId)).join(", ")})`;
      const reconciliation = groupBy(
        await read("reconciliation", "abs(impact_monthly) desc nulls last, reconciliation_id", among),
        "client_id",
      );
      const sources = groupBy(
        await textRows(
          database,
          `select sources.*, rows.client_id from ${mart("reconciliation_sources")} as sources
           inner join ${mart("reconciliation")} as rows on sources.reconciliation_id = rows.reconciliation_id
           where rows.${among} order by sources.rule_id, sources.connection_id, sources.account_id, sources.product_id`,
        ),
        "client_id",
      );
      const services = groupBy(await read("services_billed", "line_id", among), "client_id");
      const flags = groupBy(await read("flagged_services", "severity, flag_code, flag_id", among), "client_id");
      const integrations = groupBy(await read("client_integrations", "connection_id", among), "client_id");
      const groups = groupBy(
        await read("seat_groups", "connection_id, account_id, product_id, kind, status", among),
        "client_id",
      );
      const accounts = groupBy(await read("accounts", "connection_id, account_id", among), "client_id");
      const seats = groupBy(await read("seats", "connection_id, account_id, product_id, seat_id", among), "client_id");
      for (const [offset, page] of part.entries()) {
        const of = (rows: ReadonlyMap<unknown, Row[]>): Row[] => rows.get(page.clientId) ?? [];
        const used = new Set([...of(groups), ...of(sources)].map((row) => `${row.connection_id}/${row.product_id}`));
        const ruleIds = new Set(of(sources).map((row) => row.rule_id));
        await write(`clients/${page.slug}`, {
          clients: withSlugs.filter((row) => row.client_id === page.clientId),
          slug: page.slug,
          reconciliation: of(reconciliation),
          sources: of(sources),
          services: of(services),
          flags: of(flags),
          integrations: of(integrations),
          groups: of(groups),
          accounts: of(accounts),
          products: products.filter((row) => used.has(`${row.connection_id}/${row.product_id}`)),
          rules: rules.filter((row) => ruleIds.has(row.rule_id)),
          previous: pages[start + offset - 1] ?? null,
          next: pages[start + offset + 1] ?? null,
        });
        await write(`seats/${page.slug}`, of(seats));
      }
    }
    return pages;
  } finally {
    database.close();
  }
}

function groupBy(rows: readonly Row[], column: string): Map<unknown, Row[]> {
  const groups = new Map<unknown, Row[]>();
  for (const row of rows) {
    const group = groups.get(row[column]);
    if (group === undefined) groups.set(row[column], [row]);
    else group.push(row);
  }
  return groups;
}

/** Numbers and booleans as text too, so that a page meets one kind of value. */
async function textRows(database: Database, sql: string): Promise<Row[]> {
  const rows = await database.rows(sql);
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, value === null ? null : String(value)])),
  );
}
