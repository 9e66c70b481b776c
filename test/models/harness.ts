import {canonicalTables} from "../../loaders/canonical.js";
import {createTable} from "../../loaders/createTable.js";
import {type Database, openDatabase} from "../../loaders/database.js";
import {quarantineColumns} from "../../loaders/lake/lakeViews.js";
import {type InputRow, inputTables} from "../../loaders/marts/inputs.js";
import {isMart, type Model, modelTasks, readMacros, readModels, withSources} from "../../loaders/marts/models.js";
import {runTasks} from "../../loaders/marts/runTasks.js";
import {snapshotMarts} from "../../loaders/snapshots/snapshotViews.js";

/** Given rows: what a row lacks is null, unless a default below makes it ordinary. */
export interface World {
  readonly settings?: InputRow;
  readonly connections?: readonly InputRow[];
  readonly syncs?: readonly InputRow[];
  readonly unreadAccounts?: readonly InputRow[];
  readonly quarantine?: readonly InputRow[];
  readonly clients?: readonly InputRow[];
  readonly services?: readonly InputRow[];
  readonly agreements?: readonly InputRow[];
  readonly agreement_lines?: readonly InputRow[];
  readonly invoices?: readonly InputRow[];
  readonly invoice_lines?: readonly InputRow[];
  readonly accounts?: readonly InputRow[];
  readonly products?: readonly InputRow[];
  readonly seats?: readonly InputRow[];
  readonly counts?: readonly InputRow[];
  readonly mappingClients?: readonly InputRow[];
  readonly mappingServices?: readonly InputRow[];
  readonly mappingExclusions?: readonly InputRow[];
  readonly mappingPrices?: readonly InputRow[];
  readonly mappingDecisions?: readonly InputRow[];
  /** Closed periods with their marts. */
  readonly closed?: Readonly<Record<string, Marts>>;
}

/** Rows of each mart by name; decimals, big integers, dates and times as strings. */
export type Marts = Record<string, Record<string, unknown>[]>;

const ordinarySettings = {
  currency: "USD",
  as_of: "2026-11-23T12:00:00Z",
  as_of_date: "2026-11-23",
  inactive_after_days: 21,
  stale_after_hours: 24,
  billed_basis: "auto",
};

const ordinaryConnections = [
  {connection_id: "psa", connector: "csv-psa", side: "psa"},
  {connection_id: "m365", connector: "csv-usage", side: "usage"},
];

/** A sync that succeeded an hour before the ordinary as_of. */
export function freshSync(connectionId: string): InputRow {
  return {
    connection_id: connectionId,
    sync_id: "1",
    status: "succeeded",
    started_at: "2026-11-23T11:00:00Z",
    fresh_at: "2026-11-23T11:00:00Z",
    rows_kept: 0,
    rows_quarantined: 0,
    is_current: true,
  };
}

let models: Promise<Model[]> | undefined;
let macros: Promise<string> | undefined;

/** Makes the input tables of a world, and the macros; returns the models, none of them run. */
export async function loadWorld(database: Database, world: World): Promise<readonly Model[]> {
  models ??= readModels();
  macros ??= readMacros();
  await database.run(await macros);
  const connections = world.connections ?? ordinaryConnections;
  const usage = String(connections.find((connection) => connection.side === "usage")?.connection_id ?? "m365");
  for (const table of Object.values(canonicalTables)) {
    const columns = Object.fromEntries(table.columns.map((column) => [column.name, column.sqlType]));
    const rows = (world[table.name] ?? []).map((row) => ({
      connection_id: table.side === "psa" ? "psa" : usage,
      ...row,
    }));
    await createTable(database, `lake_${table.name}`, {connection_id: "VARCHAR", ...columns}, rows);
  }
  const inputs = {
    mapping_clients: world.mappingClients ?? [],
    mapping_services: world.mappingServices ?? [],
    mapping_exclusions: world.mappingExclusions ?? [],
    mapping_prices: world.mappingPrices ?? [],
    mapping_decisions: world.mappingDecisions ?? [],
    settings: [{...ordinarySettings, ...world.settings}],
    connections,
    syncs: world.syncs ?? connections.map((connection) => freshSync(String(connection.connection_id))),
    unread_accounts: world.unreadAccounts ?? [],
    inputs: [],
  };
  for (const [name, rows] of Object.entries(inputs)) {
    await createTable(database, name, inputTables[name as keyof typeof inputTables], rows);
  }
  await createTable(database, "quarantine", quarantineColumns, world.quarantine ?? []);
  await createSnapshots(database, await models, world.closed ?? {});
  return models;
}

async function createSnapshots(
  database: Database,
  all: readonly Model[],
  closed: Readonly<Record<string, Marts>>,
): Promise<void> {
  for (const name of snapshotMarts) {
    const {doc} = all.find((model) => model.name === name) as Model;
    const columns = Object.fromEntries(doc.columns.map((column) => [column.name, column.type]));
    const rows = Object.entries(closed).flatMap(([period, marts]) =>
      (marts[name] ?? []).map((row) => ({...row, period})),
    );
    await createTable(database, `snapshot_${name}`, {period: "VARCHAR", ...columns}, rows);
  }
}

/** The marts that most rules show in. */
const ordinaryMarts = [
  ...["clients", "reconciliation", "reconciliation_sources", "seats", "services_billed", "flagged_services"],
  ...["inactive_seats", "integrations", "mapping_work", "summary"],
];

type Look = (database: Database, models: readonly Model[]) => Promise<void>;

/**
 * Runs the models that these marts follow from over the given rows, and every check of what was run, and returns the marts;
 * throws where a promise is broken, and where another mart is asked for. `look` sees the database before it is closed.
 */
export async function reconcileRows(
  world: World,
  marts: readonly string[] = ordinaryMarts,
  look?: Look,
): Promise<Marts> {
  return reconcile(world, marts, look);
}

/** The same for all models, checks and marts. */
export async function reconcileAll(world: World, look?: Look): Promise<Marts> {
  return reconcile(world, null, look);
}

/** What later months read of a month that is closed with these rows. */
export function closeRows(world: World): Promise<Marts> {
  return reconcileRows(world, snapshotMarts);
}

async function reconcile(world: World, asked: readonly string[] | null, look?: Look): Promise<Marts> {
  const database = await openDatabase({threads: 1});
  try {
    const all = await loadWorld(database, world);
    const broken: string[] = [];
    await runTasks(database, modelTasks(asked === null ? all : selectModels(all, asked), broken));
    if (broken.length > 0) throw new Error(broken.join("\n"));
    await look?.(database, all);
    const marts: Marts = {};
    for (const {name, doc} of all.filter(isMart)) {
      if (asked === null || asked.includes(name)) {
        marts[name] = await database.rows(`select * from ${name} order by ${[...doc.order, ...doc.key].join(", ")}`);
      } else Object.defineProperty(marts, name, {get: () => refuse(name)});
    }
    return marts;
  } finally {
    database.close();
  }
}

function refuse(name: string): never {
  throw new Error(`The test does not ask for the mart ${name}.`);
}

/** What the marts follow from, and the checks that read nothing else. */
function selectModels(all: readonly Model[], marts: readonly string[]): Model[] {
  const names = withSources(all, marts);
  return all.filter(
    ({name, layer, reads}) => names.has(name) || (layer === "checks" && reads.every((read) => names.has(read))),
  );
}
