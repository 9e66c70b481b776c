import {type Database, literal} from "../../database.js";
import {slugOf} from "./slug.js";

/** A client as the site knows it: one page, whatever the number of its currencies. */
export interface ClientPage {
  readonly clientId: string;
  readonly name: string;
  readonly slug: string;
}

/**
 * The clients by impact, and the table `pages` that gives each its slug and its place. Amounts of two currencies do not compare:
 * clients stand currency by currency, that of the workspace first, each in that of its own that comes first, and those without
 * any impact last.
 */
export async function rankClients(database: Database, currency: string): Promise<ClientPage[]> {
  const rows = await database.rows(
    `select client_id, client_name
     from (
       select clients.client_id, clients.client_name, absolute_monthly, place,
         row_number() over (partition by clients.client_id order by absolute_monthly = 0, place, clients.currency) as of_client
       from clients left join (
         select currency, row_number() over (order by currency <> ${literal(currency)}, currency) as place from summary
       ) as currencies on clients.currency = currencies.currency
     ) as ranked
     where of_client = 1
     order by absolute_monthly = 0, case when absolute_monthly <> 0 then place end, absolute_monthly desc, client_id`,
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
