import {copyFile, mkdir, readdir, rename, stat, writeFile} from "node:fs/promises";
import {dirname, join} from "node:path";
import {openDatabase} from "../database.js";
import {nullIfAbsent} from "../files/absent.js";
import {fingerprintDecisions, fingerprintOf} from "../files/fingerprint.js";
import {makeDurable} from "../files/makeDurable.js";
import {removeUnfinished} from "../files/unfinished.js";
import {rememberMarts} from "../files/whileUnreplaced.js";
import {checkMarts, martRows, readAsOf, refuseEarlier} from "../marts/martFiles.js";
import {isMart, readModels} from "../marts/models.js";
import {readFingerprints} from "../marts/provenance.js";
import {summaryTotals} from "../marts/summaryTotals.js";
import {ConfigurationError, type Problem} from "../problems.js";
import type {Workspace} from "../workspace/workspace.js";
import {
  checkPeriod,
  findSnapshot,
  type Manifest,
  makeUnfinishedSnapshot,
  manifestFile,
  nextSupersededName,
  sealManifest,
  snapshotsFolder,
} from "./snapshots.js";

export interface CloseOptions {
  /** The month, as 2026-10. */
  readonly period: string;
  /** Set an earlier snapshot of the period aside. */
  readonly replace?: boolean;
  readonly now: Date;
}

export interface Closed {
  readonly manifest: Manifest;
  readonly checksum: string;
  /** Days from the day of the figures to the period's last. */
  readonly daysBeforeEnd: number;
}

/**
 * Freezes a period: the present marts with the mappings and settings that they were made from. The marts must be as of a
 * day of the period, because what is billed is what is billed on that day: a day later the next invoices would stand for
 * it. Mappings and settings must not have changed since.
 */
export async function closePeriod(workspace: Workspace, {period, replace = false, now}: CloseOptions): Promise<Closed> {
  checkPeriod(period);
  const {directory} = workspace;
  const marts = join(directory, "marts");
  checkMarts(marts);
  const confirm = await rememberMarts(marts);
  const {asOf, totals, inputs} = await readMarts(marts);
  refuseOtherMonth(period, asOf);
  const decided = inputs.filter(({kind}) => kind !== "sync");
  refuseChanged(decided, await fingerprintDecisions(directory), asOf);
  const earlier = await findSnapshot(directory, period);
  if (earlier !== undefined && !replace) {
    throw new ConfigurationError([
      {
        file: "--period",
        value: period,
        message: `this period was closed on ${earlier.manifest.closed_at.slice(0, 10)}.`,
        remedy: "--replace closes it again and keeps the earlier snapshot under another name.",
      },
    ]);
  }
  const supersedes = earlier === undefined ? null : await nextSupersededName(directory, period);
  const folder = await makeUnfinishedSnapshot(directory, period);
  try {
    const files = await freeze(workspace, folder, asOf).finally(confirm);
    // A mapping may have been saved before it was copied.
    const used = inputs.filter(({kind}) => kind === "mapping");
    const frozen = files.filter(({path}) => path.startsWith("mappings/"));
    refuseChanged(used, new Map(frozen.map(({path, sha256}) => [path, sha256])), asOf);
    const manifest: Manifest = {
      format: 1,
      period,
      as_of: asOf,
      closed_at: now.toISOString(),
      supersedes,
      syncs: inputs
        .filter(({kind}) => kind === "sync")
        .map(({name, fingerprint}) => ({connection_id: name, sync_id: fingerprint})),
      totals,
      files,
    };
    const {text, checksum} = sealManifest(manifest);
    await writeFile(join(folder, manifestFile), text);
    await makeDurable(join(folder, manifestFile));
    await putInPlace(folder, join(snapshotsFolder(directory), period), supersedes);
    return {manifest, checksum, daysBeforeEnd: daysBeforeEnd(period, asOf)};
  } finally {
    await removeUnfinished(folder);
  }
}

/**
 * Gives a whole snapshot its name, and the earlier one of the period another. If that fails the earlier one has its name again;
 * a run that is killed in between is ended by the next look at the snapshots.
 */
async function putInPlace(folder: string, place: string, supersedes: string | null): Promise<void> {
  const aside = supersedes === null ? null : join(dirname(place), supersedes);
  if (aside !== null) await rename(place, aside);
  try {
    await rename(folder, place);
  } catch (error) {
    if (aside !== null) await rename(aside, place);
    throw error;
  }
}

interface Input {
  readonly kind: string;
  readonly name: string;
  readonly fingerprint: string;
}

async function readMarts(marts: string): Promise<{asOf: string; totals: Manifest["totals"]; inputs: Input[]}> {
  const database = await openDatabase();
  try {
    return {
      asOf: await readAsOf(database, martRows(marts, "summary")),
      totals: (await database.rows(
        `${summaryTotals(martRows(marts, "summary"), martRows(marts, "work_list"))} order by currency`,
      )) as Manifest["totals"],
      inputs: (await database.rows(
        `select * from ${martRows(marts, "inputs_used")} order by kind, name`,
      )) as unknown as Input[],
    };
  } finally {
    database.close();
  }
}

function refuseOtherMonth(period: string, asOf: string): void {
  if (asOf.startsWith(period)) return;
  throw new ConfigurationError([
    {
      file: "marts",
      value: asOf.slice(0, 10),
      message: `the figures are as of a day outside ${period}.`,
      remedy: `Run \`trueup reconcile --as-of ${lastDayOfMonth(period)}\` first.`,
    },
  ]);
}

function refuseChanged(inputs: readonly Input[], now: ReadonlyMap<string, string>, asOf: string): void {
  const used = new Map(inputs.map(({name, fingerprint}) => [name, fingerprint]));
  const changed = [...new Set([...now.keys(), ...used.keys()])]
    .filter((name) => now.get(name) !== used.get(name))
    .sort();
  if (changed.length === 0) return;
  throw new ConfigurationError(
    changed.map(
      (file): Problem => ({
        file,
        message: "it changed since the figures were worked out.",
        remedy: `Run \`trueup reconcile --as-of ${asOf.slice(0, 10)}\` again, look at them, then close.`,
      }),
    ),
  );
}

/** A closed month keeps what it has for ever: no mart may be missing, or be another than the run made. */
async function refuseDamaged(marts: string, files: Manifest["files"], asOf: string): Promise<void> {
  const made = await readFingerprints(marts);
  const frozen = new Map(files.map(({path, sha256}) => [path, sha256]));
  const damaged = (await readModels())
    .filter(isMart)
    .map(({name}) => `${name}.parquet`)
    .filter((name) => made[name] === undefined || frozen.get(`marts/${name}`) !== made[name]);
  if (damaged.length === 0) return;
  throw new ConfigurationError(
    damaged.map((name) => ({
      file: `marts/${name}`,
      message: "it is not as it was made.",
      remedy: `Run \`trueup reconcile --as-of ${asOf.slice(0, 10)} --force\`, then close.`,
    })),
  );
}

/**
 * Copies everything into the folder and returns each file with its fingerprint, which is taken from the copy. Refuses marts that
 * are not as the run made them, or that an earlier version made.
 */
async function freeze(workspace: Workspace, folder: string, asOf: string): Promise<Manifest["files"]> {
  const {directory} = workspace;
  const copied: string[] = [];
  for (const [part, ending] of [
    ["marts", ".parquet"],
    ["mappings", ".csv"],
  ] as const) {
    const names = (await readdir(join(directory, part)).catch(nullIfAbsent)) ?? [];
    for (const name of names.filter((name) => name.endsWith(ending)).sort()) {
      const path = `${part}/${name}`;
      await mkdir(join(folder, part), {recursive: true});
      // One that is removed meanwhile is missed below, with what to do.
      const done = await copyFile(join(directory, path), join(folder, path)).catch(nullIfAbsent);
      if (done !== null) copied.push(path);
    }
  }
  await writeFile(join(folder, "settings.json"), `${JSON.stringify(settingsOf(workspace), null, 2)}\n`);
  const files: Manifest["files"] = [];
  for (const path of [...copied, "settings.json"]) {
    await makeDurable(join(folder, path));
    const {size} = await stat(join(folder, path));
    files.push({path, bytes: size, sha256: await fingerprintOf(join(folder, path))});
  }
  const marts = join(directory, "marts");
  await refuseDamaged(marts, files, asOf);
  await refuseEarlier(marts, `Run \`trueup reconcile --as-of ${asOf.slice(0, 10)}\`, look at them, then close.`);
  return files;
}

/** workspace.yaml as it was understood. Secrets stand in it as `${NAME}`, never with their values. */
function settingsOf(workspace: Workspace): Record<string, unknown> {
  return {
    name: workspace.name,
    currency: workspace.currency,
    inactive_after_days: workspace.inactiveAfterDays,
    stale_after_hours: workspace.staleAfterHours,
    billed_basis: workspace.billedBasis,
    connections: workspace.connections.map(({id, connector, reportsActivity, settings}) => ({
      id,
      connector: connector.name,
      ...(reportsActivity === null ? {} : {reports_activity: reportsActivity}),
      ...settings,
    })),
  };
}

/** `2026-02` → `2026-02-28` */
export function lastDayOfMonth(period: string): string {
  const [year = 0, month = 0] = period.split("-").map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

function daysBeforeEnd(period: string, asOf: string): number {
  return (Date.parse(lastDayOfMonth(period)) - Date.parse(asOf.slice(0, 10))) / 86_400_000;
}
