import {afterEach, beforeEach, expect, it} from "vitest";
import {canonicalTables} from "../../../loaders/canonical.js";
import {createTable} from "../../../loaders/createTable.js";
import {type Database, openDatabase} from "../../../loaders/database.js";
import type {InputRow} from "../../../loaders/marts/inputs.js";
import {readKnownIds} from "../../../loaders/marts/knownIds.js";
import type {Workspace} from "../../../loaders/workspace/workspace.js";
import type {CheckedMappings} from "../../../src/lib/mappingSchemas.js";

let database: Database;
beforeEach(async () => {
  database = await openDatabase({threads: 1});
});
afterEach(() => database.close());

const none: CheckedMappings = {clients: [], services: [], exclusions: [], prices: [], decisions: []};
const workspace = {
  connections: [
    {id: "psa", connector: {side: "psa"}},
    {id: "rmm", connector: {side: "usage"}},
    {id: "new", connector: {side: "usage"}},
  ],
} as unknown as Workspace;

/** The ids that are known where these rows are in the lake, of the connections that were synced. */
async function known(synced: readonly string[], rows: Readonly<Record<string, readonly InputRow[]>>, mappings = none) {
  for (const {name, columns} of Object.values(canonicalTables)) {
    const types = Object.fromEntries(columns.map((column) => [column.name, column.sqlType]));
    await createTable(database, `lake_${name}`, {connection_id: "VARCHAR", ...types}, rows[name] ?? []);
  }
  const lake = synced.map((connectionId) => ({connectionId, files: {}}));
  return readKnownIds(database, workspace, lake, mappings);
}

it("knows the integrations, what the PSA lists and what it bills without listing it", async () => {
  const {integrations, clients, services} = await known(["psa"], {
    clients: [{client_id: "C1"}],
    agreements: [{client_id: "C2"}],
    invoices: [{client_id: "C3"}],
    services: [{service_id: "S1"}],
    agreement_lines: [{service_id: "S2"}],
    invoice_lines: [{service_id: "S3"}, {service_id: null}],
  });
  expect(integrations).toEqual(new Set(["rmm", "new"]));
  expect([clients, services]).toEqual([new Set(["C1", "C2", "C3"]), new Set(["S1", "S2", "S3"])]);
});

it("cannot say what there is of connections that never synced", async () => {
  const {clients, services, accounts, products} = await known(["rmm"], {});
  expect([clients, services]).toEqual([null, null]);
  expect([[...accounts.keys()], [...products.keys()]]).toEqual([["rmm"], ["rmm"]]);
});

it("knows what is counted without being listed, and what has seats where a mapping asks for it", async () => {
  const of = {connection_id: "rmm"};
  const rows = {
    accounts: [{...of, account_id: "A1"}],
    products: [{...of, product_id: "P1"}],
    counts: [{...of, account_id: "A2", product_id: "P2"}],
    seats: [{...of, account_id: "A3", product_id: "P3"}],
  };
  const first = await known(["rmm"], rows);
  expect([first.accounts.get("rmm"), first.products.get("rmm")]).toEqual([
    new Set(["A1", "A2"]),
    new Set(["P1", "P2"]),
  ]);
  database.close();
  database = await openDatabase({threads: 1});
  const rule = {connection_id: "rmm", product_ids: "P1; P3"} as CheckedMappings["services"][number];
  const link = {connection_id: "rmm", account_id: "A2"} as CheckedMappings["clients"][number];
  const asked = await known(["rmm"], rows, {...none, services: [rule], clients: [link]});
  expect([...(asked.products.get("rmm") ?? [])].sort()).toEqual(["P1", "P2", "P3"]);
  expect(asked.accounts.get("rmm")).toEqual(new Set(["A1", "A2"]));
});
