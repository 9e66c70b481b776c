import {cp, mkdir, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll} from "vitest";
import {openDatabase} from "../../../loaders/database.js";
import {sync} from "../../../loaders/lake/sync.js";
import {reconcile} from "../../../loaders/marts/reconcile.js";
import {readWorkspace, type Workspace} from "../../../loaders/workspace/workspace.js";

interface World {
  /** Billed endpoints and backups by client, and the price of an endpoint. */
  readonly billed: Readonly<Record<string, number>>;
  readonly price?: string;
  readonly used: Readonly<Record<string, number>>;
  readonly invoices?: string;
  readonly invoiceLines?: string;
  readonly rules?: string;
}

export const octoberWorld: World = {
  billed: {"acme EP": 5, "bolt EP": 8, "cora EP": 4, "dune EP": 3, "acme BK": 2, "bolt BK": 1},
  used: {"acme EP": 7, "bolt EP": 6, "cora EP": 3, "dune EP": 5, "acme BK": 2, "bolt BK": 2},
};

export async function writeWorld(target: string, {billed, price = "12.00", used, ...rest}: World): Promise<void> {
  const write = async (path: string, lines: readonly string[]): Promise<void> => {
    await mkdir(join(target, path, ".."), {recursive: true});
    await writeFile(join(target, path), `${lines.join("\n")}\n`);
  };
  const clients = ["acme", "bolt", "cora", "dune"];
  await write("workspace.yaml", [
    "name: Two months",
    "currency: USD",
    "stale_after_hours: 9000",
    "connections:",
    "  - {id: psa, connector: csv-psa, path: imports/psa, exported_at: 2026-10-31T02:00:00Z}",
    "  - {id: rmm, connector: csv-usage, path: imports/rmm, exported_at: 2026-10-31T02:00:00Z}",
  ]);
  await write("imports/psa/clients.csv", ["client_id,client_name", ...clients.map((id) => `${id},${id}`)]);
  await write("imports/psa/services.csv", ["service_id,service_name,unit", "EP,Endpoint,device", "BK,Backup,device"]);
  await write("imports/psa/agreements.csv", [
    "agreement_id,client_id,billing_cycle,start_date",
    ...clients.map((id) => `A-${id},${id},monthly,2026-01-01`),
  ]);
  await write("imports/psa/agreement_lines.csv", [
    "agreement_line_id,agreement_id,service_id,quantity,unit_price",
    ...Object.entries(billed).map(([key, quantity]) => {
      const [client, service] = key.split(" ");
      return `L-${client}-${service},A-${client},${service},${quantity},${service === "EP" ? price : "10.00"}`;
    }),
  ]);
  await write("imports/psa/invoices.csv", [
    "invoice_id,client_id,invoice_date,period_start,period_end,status",
    ...(rest.invoices === undefined ? [] : [rest.invoices]),
  ]);
  await write("imports/psa/invoice_lines.csv", [
    "invoice_line_id,invoice_id,agreement_line_id,service_id,quantity,unit_price,parent_line_id",
    ...(rest.invoiceLines === undefined ? [] : [rest.invoiceLines]),
  ]);
  await write("imports/rmm/accounts.csv", ["account_id,account_name", ...clients.map((id) => `${id},${id}`)]);
  await write("imports/rmm/products.csv", ["product_id,product_name", "EP,Agent", "BK,Copy", "SC,Scanner"]);
  await write("imports/rmm/seats.csv", [
    "seat_id,account_id,product_id,kind",
    ...Object.entries(used).flatMap(([key, quantity]) => {
      const [client, product] = key.split(" ");
      return Array.from({length: quantity}, (_, seat) => `${client}-${product}-${seat},${client},${product},device`);
    }),
  ]);
  await write("mappings/clients.csv", [
    "connection_id,account_id,client_id,status",
    ...clients.map((id) => `rmm,${id},${id},confirmed`),
  ]);
  await write("mappings/services.csv", [
    "rule_id,service_id,connection_id,product_ids",
    "R1,EP,rmm,EP",
    "R2,BK,rmm,BK",
    ...(rest.rules === undefined ? [] : [rest.rules]),
  ]);
}

/** Syncs and reconciles as of a day. */
export async function work(target: string, asOf: string): Promise<Workspace> {
  const workspace = await readWorkspace(target, {asOf});
  await sync(workspace);
  await reconcile(workspace);
  return workspace;
}

/** Rows of a mart. */
export async function mart(
  directory: string,
  name: string,
  columns: string,
  order: string,
): Promise<Record<string, unknown>[]> {
  const database = await openDatabase({threads: 1});
  try {
    return await database.rows(
      `select ${columns} from read_parquet('${join(directory, "marts", name)}.parquet') order by ${order}`,
    );
  } finally {
    database.close();
  }
}

/** A workspace with October reconciled, for the tests of a file. Returns what makes a copy of it. */
export function reconciledOctober(): () => Promise<string> {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "trueup-october-"));
    await writeWorld(join(folder, "october"), octoberWorld);
    await work(join(folder, "october"), "2026-10-31");
  });
  afterAll(() => rm(folder, {recursive: true, force: true}));
  return async () => {
    const directory = await mkdtemp(join(folder, "workspace-"));
    await cp(join(folder, "october"), directory, {recursive: true});
    return directory;
  };
}
