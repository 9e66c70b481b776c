import {cp, mkdir, mkdtemp, readdir, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {sync} from "../../../loaders/lake/sync.js";
import {diffMappings} from "../../../loaders/map/diffMappings.js";
import {reconcile} from "../../../loaders/marts/reconcile.js";
import {readWorkspace, type Workspace} from "../../../loaders/workspace/workspace.js";

let folder: string;

/** A workspace of one client, with other values in one of its files. */
async function workspaceWith(file: string, ...lines: readonly string[]): Promise<Workspace> {
  const directory = await mkdtemp(join(folder, "workspace-"));
  const files: Record<string, readonly string[]> = {
    "workspace.yaml": [
      "{name: Numbers, currency: USD, as_of: 2026-10-31, connections: [{id: psa, connector: csv-psa, path: imports/psa},",
      "{id: rmm, connector: csv-usage, path: imports/rmm}]}",
    ],
    "imports/psa/clients.csv": ["client_id,client_name", "acme,Acme"],
    "imports/psa/services.csv": ["service_id,service_name,list_price,unit_cost", "EP,Endpoint,12.00,5.00"],
    "imports/psa/agreements.csv": ["agreement_id,client_id,billing_cycle,start_date", "A1,acme,annual,2026-01-01"],
    "imports/psa/agreement_lines.csv": ["agreement_line_id,agreement_id,service_id,quantity", "L1,A1,EP,5"],
    "imports/psa/invoices.csv": ["invoice_id,client_id,invoice_date", "I1,acme,2026-10-01"],
    "imports/psa/invoice_lines.csv": ["invoice_line_id,invoice_id,service_id,quantity,unit_price"],
    "imports/rmm/accounts.csv": ["account_id,account_name", "1,Acme"],
    "imports/rmm/products.csv": ["product_id,product_name", "EP,Agent"],
    "imports/rmm/counts.csv": ["account_id,product_id,metric,quantity", "1,EP,reported,7"],
    "mappings/clients.csv": ["connection_id,account_id,client_id,status", "rmm,1,acme,confirmed"],
    "mappings/services.csv": ["rule_id,service_id,connection_id,product_ids,count", "R1,EP,rmm,EP,reported"],
    "mappings/prices.csv": ["service_id,unit_price", "EP,12.00"],
    [file]: lines,
  };
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(directory, path, ".."), {recursive: true});
    await writeFile(join(directory, path), `${text.join("\n")}\n`);
  }
  const workspace = await readWorkspace(directory);
  await sync(workspace);
  return workspace;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-overflow-"));
});
afterAll(() => rm(folder, {recursive: true, force: true}));

describe("a figure that is too large", () => {
  it.each([
    [
      "an agreement line",
      "imports/psa/agreement_lines.csv",
      ["agreement_line_id,agreement_id,service_id,quantity,unit_price", "L1,A1,EP,99999999999999,1250.5"],
      "agreement line L1 (agreement A1 of client acme, service EP): quantity 99999999999999, unit_price 1250.5",
    ],
    [
      "an invoice line",
      "imports/psa/invoice_lines.csv",
      ["invoice_line_id,invoice_id,service_id,quantity,unit_price", "IL1,I1,EP,400000000000,99999"],
      "invoice line IL1 (invoice I1 of client acme, service EP): quantity 400000000000, unit_price 99999",
    ],
    [
      "a line of negative numbers without a service",
      "imports/psa/invoice_lines.csv",
      ["invoice_line_id,invoice_id,service_id,quantity,unit_price", "IL1,I1,,-99999999999999,-200"],
      "invoice line IL1 (invoice I1 of client acme): quantity -99999999999999, unit_price -200",
    ],
    [
      "a count",
      "imports/rmm/counts.csv",
      ["account_id,product_id,metric,quantity", "1,EP,reported,99999999999999"],
      "reported count of account 1 and product EP of rmm: quantity 99999999999999",
    ],
    [
      "a list price",
      "imports/psa/services.csv",
      ["service_id,service_name,unit_cost", "EP,Endpoint,999999999999"],
      "service EP: unit_cost 999999999999",
    ],
    [
      "a rule",
      "mappings/services.csv",
      ["rule_id,service_id,connection_id,product_ids,count,minimum", "R1,EP,rmm,EP,reported,99999999999999"],
      "mappings/services.csv, rule R1: minimum 99999999999999",
    ],
    [
      "a price",
      "mappings/prices.csv",
      ["service_id,unit_price", "EP,999999999999"],
      "mappings/prices.csv, service EP: unit_price 999999999999",
    ],
    [
      "an agreed quantity",
      "mappings/decisions.csv",
      [
        "client_id,service_id,decision,quantity,delta_quantity,impact_monthly,reason",
        "acme,EP,bill,99999999999999,2,24.00,mistyped",
      ],
      "mappings/decisions.csv, service EP of client acme: quantity 99999999999999",
    ],
  ])("names %s that it comes from", async (_, file, lines, expected) => {
    const workspace = await workspaceWith(file, ...lines);
    await expect(reconcile(workspace)).rejects.toThrow(
      `A figure is too large to be worked out; the marts stay as they are. The largest numbers that it may come from:\n  ${expected}\n`,
    );
    expect(await readdir(workspace.directory)).not.toContain("marts");
  });

  it("is explained where mappings that are only compared lead to it", async () => {
    const workspace = await workspaceWith("mappings/prices.csv", "service_id,unit_price", "EP,12.00");
    const before = join(workspace.directory, "mappings");
    const after = join(workspace.directory, "after");
    await cp(before, after, {recursive: true});
    await writeFile(join(after, "prices.csv"), "service_id,unit_price\nEP,999999999999\n");
    await expect(diffMappings(workspace, {before, after})).rejects.toThrow(
      /^A figure is too large .*\n {2}mappings\/prices\.csv, service EP: unit_price 999999999999\n/,
    );
  });
});
