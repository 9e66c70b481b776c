import {type Database, literal} from "../database.js";
import {slugOf} from "./slug.js";

/** A client as the site knows it: one page, whatever the number of its currencies. */
export interface ClientPage {
  readonly clientId: string;
  readonly name: string;
  readonly slug: string;
}

/** The clients by impact, and the table `pages` that gives each its slug and its place. */
export async function rankClients(database: Database): Promise<ClientPage[]> {
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
