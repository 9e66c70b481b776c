import {mkdir, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {stringify} from "yaml";
import type {CanonicalRows} from "../../loaders/connectors/readStream.js";
import {literal} from "../../loaders/database.js";
import {sync} from "../../loaders/lake/sync.js";
import {reconcile} from "../../loaders/marts/reconcile.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";
import {autotask} from "../vendors/autotask.js";
import {billingRows} from "../vendors/billing.js";
import {connectWisePsa} from "../vendors/connectwise-psa.js";
import {type Emulator, startEmulator} from "../vendors/emulator.js";
import {haloPsa} from "../vendors/halopsa.js";
import {vendors} from "../vendors/index.js";
import {mappingFiles} from "../vendors/mappings.js";
import type {Vendor} from "../vendors/vendor.js";
import {makeWorld} from "../vendors/world.js";
import {openOnce} from "./syncVendor.js";
import {writeExports} from "./writeExports.js";

/** The same provider, billed in one PSA or another and read from APIs or from exports, comes to the same figures. */

const world = makeWorld({clients: 8, peoplePerClient: 20, devicesPerClient: 20});
const psas = ["autotask", "connectwise-psa", "halopsa", "http-json-psa"];
const integrations = vendors.filter(({name}) => !psas.includes(name) && name !== "http-json");
const instants = {exported_at: world.now.toISOString()};

let directory: string;
const emulators = new Map<string, Emulator>();

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-equality-"));
  for (const vendor of [...integrations, autotask, connectWisePsa, haloPsa]) {
    emulators.set(vendor.name, await startEmulator(vendor.emulate(world)));
  }
});
afterAll(async () => {
  for (const emulator of emulators.values()) await emulator.close();
  await rm(directory, {recursive: true, force: true});
});

const overApi = (vendor: Vendor, id = vendor.name) => ({
  id,
  connector: vendor.name,
  ...vendor.settings(emulators.get(vendor.name)?.url ?? "", world),
});

type Marts = Record<string, Record<string, unknown>[]>;

/** Syncs and reconciles a workspace; gives its marts without the columns that tell by which way the data came. */
async function reconcileWorkspace(
  name: string,
  connections: readonly object[],
  basis: "agreement" | "auto",
  marts: readonly string[],
  {billing = billingRows(world), serviceOf}: {billing?: CanonicalRows; serviceOf?: (service: string) => string} = {},
): Promise<Marts> {
  const folder = join(directory, name);
  await mkdir(join(folder, "mappings"), {recursive: true});
  for (const [file, text] of Object.entries(mappingFiles(world, integrations, serviceOf))) {
    await writeFile(join(folder, "mappings", file), text);
  }
  await writeExports(join(folder, "imports/psa"), billing);
  for (const vendor of integrations) await writeExports(join(folder, "imports", vendor.name), vendor.expected(world));
  const as_of = new Date(world.now.getTime() + 3_600_000).toISOString();
  await writeFile(
    join(folder, "workspace.yaml"),
    stringify({name: "Northwind IT", currency: "USD", as_of, billed_basis: basis, connections}),
  );
  const workspace = await readWorkspace(folder);
  const env = Object.assign({}, ...vendors.map((vendor) => vendor.env));
  const records = await sync(workspace, {now: () => world.now, env, isUnlimited: true, backoff: 1});
  expect(records.map(({status, error}) => [status, error])).toEqual(connections.map(() => ["succeeded", null]));
  await reconcile(workspace);
  const database = await openOnce();
  const found: Marts = {};
  for (const mart of marts) {
    const file = literal(join(folder, "marts", `${mart}.parquet`));
    found[mart] = await database.rows(`select * from read_parquet(${file}) order by all`);
  }
  return found;
}

const fromExports = [
  {id: "psa", connector: "csv-psa", path: "imports/psa", ...instants},
  ...integrations.map(({name}) => ({id: name, connector: "csv-usage", path: `imports/${name}`, ...instants})),
];
const fromApis = (psa: Vendor) => [overApi(psa, "psa"), ...integrations.map((vendor) => overApi(vendor))];

describe("the same provider comes to the same figures", () => {
  const everything = [
    "clients",
    "reconciliation",
    "reconciliation_sources",
    "seats",
    "services_billed",
    "inactive_seats",
    "mapping_work",
    "summary",
    "flagged_services",
  ];

  it("from HaloPSA and eight integrations as from exports, mart by mart", async () => {
    const exported = await reconcileWorkspace("exports", fromExports, "auto", everything);
    const read = await reconcileWorkspace("halopsa", fromApis(haloPsa), "auto", everything);
    // Halo does not tell which client belongs to which; nothing else is lost on the way.
    expect(read).toEqual(exported);
    expect(exported.reconciliation?.length).toBeGreaterThan(40);
    expect(exported.reconciliation?.filter(({status}) => status === "discrepancy").length).toBeGreaterThan(10);
  }, 120_000);

  it("from ConnectWise PSA, which gives no invoice lines, as from exports on the basis of agreements", async () => {
    const marts = ["reconciliation", "reconciliation_sources", "seats"];
    const rows = billingRows(world);
    const billing = {...rows, invoice_lines: rows.invoice_lines?.filter((line) => !("agreement_line_id" in line))};
    const exported = await reconcileWorkspace("exports-agreement", fromExports, "agreement", marts, {billing});
    const read = await reconcileWorkspace("connectwise", fromApis(connectWisePsa), "agreement", marts);
    // The free docking station that only ConnectWise's additions hold is the one line more.
    const own = (rows: Record<string, unknown>[] = []) => rows.filter(({service_id}) => service_id !== "10");
    expect({...read, reconciliation: own(read.reconciliation)}).toEqual(exported);
    expect(read.reconciliation).toHaveLength((exported.reconciliation?.length ?? 0) + 1);
  }, 120_000);

  it("from Autotask, where a service is billed in one cycle only, as from exports on the basis of agreements", async () => {
    const marts = ["reconciliation"];
    const exported = await reconcileWorkspace("exports-units", fromExports, "agreement", marts);
    const yearly = (service: string) => (service === "4" ? "1004" : service);
    const read = await reconcileWorkspace("autotask", fromApis(autotask), "agreement", marts, {serviceOf: yearly});
    // Autotask has a service of its own for the yearly licences, and a bundle that the exports lack.
    const figures = ({reconciliation = []}: Marts) =>
      reconciliation
        .filter(({service_id}) => service_id !== "bundle-3")
        .map(({reconciliation_id, rate_basis, unit_rate, is_rate_estimated, ...row}) => ({
          ...row,
          service_id: row.service_id === "1004" ? "4" : row.service_id,
          // A rate that comes from elsewhere than a line depends on what else the PSA knows.
          unit_rate: is_rate_estimated ? "estimated" : unit_rate,
        }))
        .sort((left, right) => JSON.stringify(left).localeCompare(JSON.stringify(right)));
    expect(figures(read)).toEqual(figures(exported));
    expect(figures(read).length).toBeGreaterThan(40);
  }, 120_000);
});
