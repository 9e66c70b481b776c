import {mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {type Database, openDatabase} from "../../../loaders/database.js";
import {sync} from "../../../loaders/lake/sync.js";
import {initWorkspace} from "../../../loaders/workspace/init.js";
import {readWorkspace} from "../../../loaders/workspace/workspace.js";

let directory: string;
let database: Database;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-shapes-"));
  await initWorkspace(directory);
  database = await openDatabase();
});
afterEach(async () => {
  database.close();
  await rm(directory, {recursive: true, force: true});
});

async function write(texts: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(texts)) {
    const path = join(directory, "exports", name);
    await mkdir(dirname(path), {recursive: true});
    await writeFile(path, text);
  }
}

/** Runs the statements of the document's nth example in the workspace, and syncs a connection. */
async function runExample(index: number, connection: string) {
  const document = await readFile(join(directory, "imports", "README.md"), "utf8");
  const example = [...document.matchAll(/```sql\n([^`]*)```/g)][index]?.[1] ?? "";
  const statements = example.replaceAll(/'(?=exports\/|imports\/)/g, `'${directory}/`).split(/;\n/);
  for (const statement of statements) if (statement.trim() !== "") await database.run(statement);
  const [record] = await sync(await readWorkspace(directory), {only: [connection]});
  const read = (table: string, columns: string) =>
    database.rows(
      `select ${columns} from read_parquet('${directory}/lake/${connection}/${record?.sync_id}/${table}.parquet') order by all`,
    );
  return {record, read: async (table: string, columns: string) => (await read(table, columns)).map(Object.values)};
}

it("makes a seat of each licence that Microsoft 365 lists of a user, and counts of what was bought", async () => {
  const header =
    "Display name,DirSyncEnabled,User principal name,Object Id,When created,Soft deletion time stamp,Block credential,Licenses";
  await write({
    "users/acme.com.csv": `\ufeff${header}\r\n"Ångström, Ann",False,ann@acme.com,o1,2022-03-18 19:49:35Z,,False,Microsoft 365 Business Premium+Visio Plan 2\r\nBob,False,bob@acme.com,o2,2022-03-18 19:49:35Z,,True,Unlicensed\r\nCy,False,cy@acme.com,o3,2022-03-18 19:49:35Z,,True,Visio Plan 2\r\n`,
    "users/beta.com.csv": `${header}\nDi,False,di@beta.com,o4,2022-03-18 19:49:35Z,,False,Unlicensed\n`,
    "licences/acme.com.csv":
      "Product Title,Total Licenses,Expired Licenses,Assigned licenses,Status Message\nMicrosoft 365 Business Premium,5,0,1,\nMicrosoft Teams Rooms Basic,1,0,0,\n",
  });
  const {record, read} = await runExample(0, "m365");
  expect(record).toMatchObject({status: "succeeded", rows_quarantined: 0, notes: []});
  expect(await read("accounts", "account_id")).toEqual([["acme.com"], ["beta.com"]]);
  expect(await read("products", "product_id")).toEqual([
    ["Microsoft 365 Business Premium"],
    ["Microsoft Teams Rooms Basic"],
    ["Visio Plan 2"],
  ]);
  expect(await read("seats", "seat_id, product_id, display_name, status")).toEqual([
    ["o1", "Microsoft 365 Business Premium", "Ångström, Ann", "active"],
    ["o1", "Visio Plan 2", "Ångström, Ann", "active"],
    ["o3", "Visio Plan 2", "Cy", "disabled"],
  ]);
  expect(await read("counts", "product_id, metric, quantity")).toEqual([
    ["Microsoft 365 Business Premium", "assigned", "1.0000"],
    ["Microsoft 365 Business Premium", "purchased", "5.0000"],
    ["Microsoft Teams Rooms Basic", "assigned", "0.0000"],
    ["Microsoft Teams Rooms Basic", "purchased", "1.0000"],
  ]);
});

it("makes the files of a PSA of lists with names, American dates and dollars", async () => {
  await write({
    "agreements.csv":
      "Agreement Name,Company Name,Billing Cycle,Date Start,Date End,Status\nManaged,Acme,Monthly,1/1/2026,12/31/2026,Active\nManaged,Beta,Monthly,11/1/2026,,Active\nTotal: 2,,,,,\n",
    "additions.csv":
      'Company Name,Agreement Name,Product ID,Description,Quantity,Price,Ext Price,Effective,Cancelled\nAcme,Managed,M365-BP,Business Premium,5.00,$22.00,$110.00,1/1/2026,\nAcme,Managed,SRV,Server,1.00,"$1,234.50","$1,234.50",1/1/2026,11/15/2026\nBeta,Managed,M365-BP,Business Premium,3.00,$22.00,$66.00,11/1/2026,\n,,,,9.00,,"$1,410.50",,\n',
  });
  const {record, read} = await runExample(1, "psa");
  expect(record).toMatchObject({status: "succeeded", rows_quarantined: 0, notes: []});
  expect(await read("clients", "client_id")).toEqual([["Acme"], ["Beta"]]);
  expect(await read("services", "service_id, service_name")).toEqual([
    ["M365-BP", "Business Premium"],
    ["SRV", "Server"],
  ]);
  expect(await read("agreements", "agreement_id, billing_cycle, start_date, end_date")).toEqual([
    ["Acme / Managed", "monthly", "2026-01-01", "2027-01-01"],
    ["Beta / Managed", "monthly", "2026-11-01", null],
  ]);
  expect(await read("agreement_lines", "agreement_line_id, quantity, unit_price, end_date")).toEqual([
    ["Acme / Managed / 1", "5.0000", "22.000000", null],
    ["Acme / Managed / 2", "1.0000", "1234.500000", "2026-11-15"],
    ["Beta / Managed / 1", "3.0000", "22.000000", null],
  ]);
});
