import {join, relative} from "node:path";
import type {CheckedMappings} from "../src/lib/mappingSchemas.js";
import {type KnownIds, validateMappings} from "../src/lib/validateMappings.js";
import {openDatabase} from "./database.js";
import {fingerprintDecisions} from "./fingerprint.js";
import type {InputRow} from "./inputs.js";
import {createLakeViews, type LakeFiles} from "./inputs.js";
import {currentSync, lakeFiles, listSyncs} from "./lake.js";
import {readMappingFolder} from "./mappings.js";
import {type MartInputs, type MartResult, makeMarts} from "./marts.js";
import {ConfigurationError, type Problem} from "./problems.js";
import type {TaskProgress} from "./runTasks.js";
import {closedMarts} from "./snapshots.js";
import type {Workspace} from "./workspace.js";

export interface ReconcileOptions {
  /** False: work everything out and check it, but leave the marts alone. */
  readonly write?: boolean;
  readonly memoryLimit?: string;
  readonly threads?: number;
  readonly progress?: TaskProgress;
}

export interface Reconciled extends MartResult {
  /** What is odd in the mappings without making a figure wrong. */
  readonly warnings: readonly Problem[];
}

/**
 * Reconciles what is billed with what is used, as of the workspace's instant, from the current data of the lake. Throws a
 * ConfigurationError where the mappings contradict themselves or the PSA was never synced.
 */
export async function reconcile(workspace: Workspace, options: ReconcileOptions = {}): Promise<Reconciled> {
  const {inputs, warnings} = await readInputs(workspace);
  const result = await makeMarts(inputs, {directory: workspace.directory, ...options});
  return {...result, warnings};
}

/** Everything that the marts follow from, with the mappings of the workspace, or of another folder, checked. */
export async function readInputs(
  workspace: Workspace,
  mappingFolder: string = join(workspace.directory, "mappings"),
): Promise<{inputs: MartInputs; warnings: readonly Problem[]}> {
  // Before they are read: a file that is edited meanwhile then counts as changed.
  const decisions = await fingerprintDecisions(workspace.directory);
  const {mappings, files, known, lake, syncs, errors, warnings} = await checkMappingFolder(workspace, mappingFolder);
  if (errors.length > 0) throw new ConfigurationError(errors);
  if (known.clients === null) {
    throw new ConfigurationError([
      {
        file: "lake",
        message: "the PSA was never synced, so nothing is known to be billed.",
        remedy: "Run `trueup sync` first.",
      },
    ]);
  }
  const inputs = {
    lake,
    closed: await closedMarts(workspace.directory, workspace.asOfDate),
    inputs: inputRows(decisions, syncs),
    settings: [settingsRow(workspace)],
    connections: workspace.connections.map(({id, connector, reportsActivity}) => ({
      connection_id: id,
      connector: connector.name,
      side: connector.side,
      reports_activity: reportsActivity,
    })),
    syncs,
    mapping_clients: mappings.clients,
    mapping_services: mappings.services,
    mapping_exclusions: mappings.exclusions,
    mapping_prices: mappings.prices,
    mapping_decisions: mappings.decisions,
    mappingFiles: files,
  } satisfies MappedInputs;
  return {inputs, warnings};
}

/** Reads a folder of mapping files and finds everything that is wrong with them, given what the lake has. */
export async function checkMappingFolder(workspace: Workspace, folder: string) {
  const {mappings, files, problems} = await readMappingFolder(folder);
  const {lake, syncs} = await readLake(workspace);
  const known = await readKnownIds(workspace, lake);
  const verdict = validateMappings(mappings, known, workspace.asOfDate);
  const place = relative(workspace.directory, folder);
  const inFolder = (problem: Problem): Problem => ({
    ...problem,
    file: place.startsWith("..") ? problem.file.replace(/^mappings/, folder) : problem.file.replace(/^mappings/, place),
  });
  return {
    ...{mappings, files, known, lake, syncs},
    errors: [...problems, ...verdict.errors].map(inFolder),
    warnings: verdict.warnings.map(inFolder),
  };
}

type MappedInputs = MartInputs & Record<`mapping_${keyof CheckedMappings}`, readonly InputRow[]>;

function settingsRow(workspace: Workspace): InputRow {
  return {
    workspace_name: workspace.name,
    currency: workspace.currency,
    as_of: workspace.asOf,
    as_of_date: workspace.asOfDate,
    inactive_after_days: workspace.inactiveAfterDays,
    stale_after_hours: workspace.staleAfterHours,
    billed_basis: workspace.billedBasis,
  };
}

/** What the marts are made from, as they record it. */
function inputRows(decisions: ReadonlyMap<string, string>, syncs: readonly InputRow[]): InputRow[] {
  return [
    ...[...decisions].map(([name, fingerprint]) => ({
      kind: name === "workspace.yaml" ? "settings" : "mapping",
      name,
      fingerprint,
    })),
    ...syncs
      .filter(({is_current}) => is_current === true)
      .map(({connection_id, sync_id}) => ({kind: "sync", name: connection_id, fingerprint: sync_id})),
  ];
}

async function readLake({directory, connections}: Workspace): Promise<{lake: LakeFiles[]; syncs: InputRow[]}> {
  const lake: LakeFiles[] = [];
  const syncs: InputRow[] = [];
  for (const {id} of connections) {
    const records = await listSyncs(directory, id);
    const current = currentSync(records);
    if (current !== undefined) lake.push(await lakeFiles(directory, current));
    for (const {files, notes, failed_parts, ...record} of records)
      syncs.push({
        ...record,
        is_current: record.sync_id === current?.sync_id,
      });
  }
  return {lake, syncs};
}

/** The ids that mappings may name. What is used or billed without being listed is known as well. */
async function readKnownIds({connections}: Workspace, lake: readonly LakeFiles[]): Promise<KnownIds> {
  const database = await openDatabase();
  try {
    await createLakeViews(database, lake);
    const psa = connections.find(({connector}) => connector.side === "psa")?.id;
    const isSynced = lake.some(({connectionId}) => connectionId === psa);
    const ids = async (sql: string) => new Set((await database.rows(sql)).map((row) => String(row.id)));
    const byConnection = async (column: string, ...tables: string[]) => {
      const found = new Map<string, Set<string>>();
      for (const {connectionId} of lake) if (connectionId !== psa) found.set(connectionId, new Set());
      const rows = await database.rows(
        tables.map((table) => `select connection_id, ${column} as id from ${table}`).join(" union "),
      );
      for (const row of rows) found.get(String(row.connection_id))?.add(String(row.id));
      return found;
    };
    return {
      connections: new Set(connections.map(({id}) => id)),
      clients: isSynced
        ? await ids(
            `select client_id as id from lake_clients union select client_id from lake_agreements
             union select client_id from lake_invoices`,
          )
        : null,
      services: isSynced
        ? await ids(
            `select service_id as id from lake_services union select service_id from lake_agreement_lines
             union select service_id from lake_invoice_lines where service_id is not null`,
          )
        : null,
      accounts: await byConnection("account_id", "lake_accounts", "lake_seats", "lake_counts"),
      products: await byConnection("product_id", "lake_products", "lake_seats", "lake_counts"),
    };
  } finally {
    database.close();
  }
}
