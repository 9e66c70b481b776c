import {join, relative} from "node:path";
import {plural} from "../../src/lib/format.js";
import {type KnownIds, type Verdict, validateMappings} from "../../src/lib/validateMappings.js";
import {type Database, openDatabase} from "../database.js";
import type {ServerOptions} from "../engines/clickhouse/server.js";
import {fingerprintDecisions} from "../files/fingerprint.js";
import {recoverFolder} from "../files/replaceFolder.js";
import {whileUnreplaced} from "../files/whileUnreplaced.js";
import {currentSync, lakeFiles, listSyncs, type SyncRecord} from "../lake/lake.js";
import {createLakeViews, type LakeFiles} from "../lake/lakeViews.js";
import {ConfigurationError, type Problem} from "../problems.js";
import {closedMarts} from "../snapshots/snapshots.js";
import {onOneLine} from "../terminalText.js";
import {readMappingFolder} from "../workspace/mappings.js";
import type {Workspace} from "../workspace/workspace.js";
import type {InputRow} from "./inputs.js";
import {readFormerIds, readKnownIds} from "./knownIds.js";
import {viewMarts} from "./martFiles.js";
import {
  type MartInputs,
  type MartOptions,
  type MartResult,
  makeMarts,
  type RunMarts,
  readByResult,
  readResult,
} from "./marts.js";
import {isMart, readMacros, readModels} from "./models.js";
import {readUnchanged, traceProvenance, writeProvenance} from "./provenance.js";
import type {TaskProgress} from "./runTasks.js";

export interface ReconcileOptions {
  /** False: work everything out and check it, but leave the marts alone. */
  readonly write?: boolean;
  /** True: work everything out even if the marts were made from the same. */
  readonly force?: boolean;
  /** A ClickHouse server that runs the models; DuckDB in this process unless given. */
  readonly server?: ServerOptions | undefined;
  readonly memoryLimit?: string;
  readonly progress?: TaskProgress;
  /** Stops the work; the marts stay as they are. */
  readonly signal?: AbortSignal;
}

export interface Reconciled extends MartResult {
  /** What is odd in the mappings without making a figure wrong. */
  readonly warnings: readonly Problem[];
  /** The instant that the marts are of, if they were made from the same before and stay as they are. */
  readonly unchangedSince: Date | null;
}

/**
 * Reconciles what is billed with what is used, as of the workspace's instant, from the current data of the lake. Throws a
 * ConfigurationError where the mappings contradict themselves or the PSA was never synced.
 */
export async function reconcile(
  workspace: Workspace,
  {write = true, force = false, server, ...options}: ReconcileOptions = {},
): Promise<Reconciled> {
  const {directory, isAsOfNow} = workspace;
  const {inputs, problems, ...read} = await gatherInputs(workspace, join(directory, "mappings"));
  const [models, macros] = await Promise.all([readModels(), readMacros()]);
  const provenance = traceProvenance(inputs, {models, macros});

  if (write && !force && problems.length === 0) {
    const folder = join(directory, "marts");
    await recoverFolder(folder);
    const marts = models.filter(isMart).map(({name}) => name);
    const unchanged = await readUnchanged(folder, provenance, {marts, isAsOfNow});
    // What cannot be read any more is made anew.
    const written = unchanged && (await whileUnreplaced(folder, () => readWritten(folder)).catch(() => null));
    if (unchanged !== null && written !== null) {
      const {asOf, warnings} = unchanged;
      return {...written, warnings, unchangedSince: asOf};
    }
  }

  let warnings: readonly Problem[] = [];
  const making: MartOptions = {
    ...options,
    directory,
    write,
    models,
    macros,
    run: server === undefined ? undefined : await runOn(server),
    async examine(database) {
      const {known, ...verdict} = await judgeMappings(database, workspace, inputs);
      throwIfUnusable([...problems, ...verdict.errors], known, inputs);
      warnings = [...read.warnings, ...verdict.warnings];
    },
    describe: (folder) => writeProvenance(folder, provenance, warnings),
  };
  const result = await makeMarts(inputs, making);
  return {...result, warnings, unchangedSince: null};
}

/** Everything that the marts follow from, with the mappings of a folder, checked. */
export async function readInputs(workspace: Workspace, mappingFolder: string): Promise<MartInputs> {
  const {inputs, known, errors} = await checkMappingFolder(workspace, mappingFolder);
  throwIfUnusable(errors, known, inputs);
  return inputs;
}

/** Reads a folder of mapping files and finds everything that is wrong with them, given what the lake has. */
export async function checkMappingFolder(workspace: Workspace, folder: string) {
  const {inputs, problems, ...read} = await gatherInputs(workspace, folder);
  const database = await openDatabase();
  try {
    await createLakeViews(database, inputs.lake);
    const {known, ...verdict} = await judgeMappings(database, workspace, inputs);
    const place = relative(workspace.directory, folder);
    const inFolder = (problem: Problem): Problem => ({
      ...problem,
      file: problem.file.replace(/^mappings/, () => (place.startsWith("..") ? folder : place)),
    });
    return {
      inputs,
      known,
      files: inputs.mappingFiles,
      errors: [...problems, ...verdict.errors].map(inFolder),
      warnings: [...read.warnings, ...verdict.warnings].map(inFolder),
    };
  } finally {
    database.close();
  }
}

/** What former syncs listed is only asked for where mappings name what the current ones do not. */
async function judgeMappings(
  database: Database,
  workspace: Workspace,
  {lake, mappings}: MartInputs,
): Promise<Verdict & {known: KnownIds}> {
  const known = await readKnownIds(database, workspace, lake, mappings);
  const verdict = validateMappings(mappings, known, workspace.asOfDate);
  if (verdict.errors.length + verdict.warnings.length === 0) return {known, ...verdict};
  const former = await readFormerIds(database, workspace);
  return {known, ...validateMappings(mappings, {...known, former}, workspace.asOfDate)};
}

function throwIfUnusable(errors: readonly Problem[], {clients}: KnownIds, {connections, syncs}: MartInputs): void {
  if (errors.length > 0) throw new ConfigurationError(errors);
  if (clients !== null) return;
  const psa = connections.find(({side}) => side === "psa")?.connection_id;
  const attempt = syncs.findLast(({connection_id}) => connection_id === psa);
  const problem =
    attempt === undefined
      ? {
          message: "the PSA was never synced, so nothing is known to be billed.",
          remedy: "Run `trueup sync` first.",
        }
      : {
          value: String(psa),
          message: `the PSA's sync failed on ${String(attempt.started_at).slice(0, 10)}, and there is no earlier one, so nothing is known to be billed: ${onOneLine(String(attempt.error))}`,
          remedy: `Put that right and run \`trueup sync --only ${psa}\`.`,
        };
  throw new ConfigurationError([{file: "lake", ...problem}]);
}

/** Everything that the marts follow from, and what is wrong with the mappings by themselves. */
async function gatherInputs(
  workspace: Workspace,
  mappingFolder: string,
): Promise<{inputs: MartInputs; problems: readonly Problem[]; warnings: readonly Problem[]}> {
  const {directory, asOfDate, connections} = workspace;
  // Before they are read: a file that is edited meanwhile then counts as changed.
  const decisions = await fingerprintDecisions(directory);
  const {mappings, files, problems, warnings} = await readMappingFolder(mappingFolder);
  const {lake, syncs, unread_accounts} = await readLake(workspace);
  const inputs = {
    lake,
    closed: await closedMarts(directory, asOfDate),
    inputs: inputRows(decisions, syncs),
    settings: [settingsRow(workspace)],
    connections: connections.map(({id, connector, reportsActivity}) => ({
      connection_id: id,
      connector: connector.name,
      side: connector.side,
      reports_activity: reportsActivity,
    })),
    syncs,
    unread_accounts,
    mappings,
    mappingFiles: files,
  };
  return {inputs, problems, warnings};
}

async function runOn(server: ServerOptions): Promise<RunMarts> {
  const {runOnClickhouse} = await import("../engines/clickhouse/runOnClickhouse.js");
  return runOnClickhouse(server);
}

async function readWritten(folder: string): Promise<MartResult> {
  const database = await openDatabase();
  try {
    await viewMarts(database, folder, readByResult);
    return await readResult(database);
  } finally {
    database.close();
  }
}

function settingsRow(workspace: Workspace): InputRow {
  return {
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

/** Of many accounts of a partial sync the first ones; its record has all of them. */
function describeFailedParts(parts: SyncRecord["failed_parts"]): string | null {
  if (parts.length === 0) return null;
  const more = parts.length - 3;
  return [
    ...parts.slice(0, 3).map(({part, reason}) => `${part}: ${reason}`),
    ...(more > 0 ? [`And ${plural(more, "other account")}.`] : []),
  ].join(" ");
}

async function readLake(
  workspace: Workspace,
): Promise<{lake: LakeFiles[]; syncs: InputRow[]; unread_accounts: InputRow[]}> {
  const lake: LakeFiles[] = [];
  const syncs: InputRow[] = [];
  const unread_accounts: InputRow[] = [];
  for (const {id} of workspace.connections) {
    const records = await listSyncs(workspace, id);
    const current = currentSync(records);
    if (current !== undefined) lake.push(lakeFiles(workspace, current));
    for (const {account_id, has_usage} of current?.failed_parts ?? []) {
      if (account_id !== null && !has_usage) unread_accounts.push({connection_id: id, account_id});
    }
    for (const {files, notes, failed_parts, ...record} of records)
      syncs.push({
        ...record,
        error: record.error ?? describeFailedParts(failed_parts),
        is_current: record.sync_id === current?.sync_id,
      });
  }
  return {lake, syncs, unread_accounts};
}
