import {createHash} from "node:crypto";
import {existsSync} from "node:fs";
import {readdir, readFile, rename, rm, stat} from "node:fs/promises";
import {join} from "node:path";
import {z} from "zod";
import {nullIfAbsent} from "../files/absent.js";
import {fingerprintOf} from "../files/fingerprint.js";
import {listAbandoned, makeUnfinished} from "../files/unfinished.js";
import {ConfigurationError} from "../problems.js";
import {type ClosedMarts, type SnapshotMart, snapshotMarts} from "./snapshotViews.js";

/**
 * Snapshots: `snapshots/2026-10/` holds what the books of a closed period rest on, and `manifest.json` a SHA-256 of each file
 * and of itself. A snapshot is written beside and renamed, so a folder with a period's name is whole. One that was replaced
 * or reopened stays as `2026-10.superseded-1`.
 */

const folderName = /^(\d{4}-\d{2})(?:\.superseded-(\d+))?$/;

const manifestSchema = z.object({
  format: z.literal(1),
  period: z.string().regex(/^\d{4}-\d{2}$/),
  as_of: z.string(),
  closed_at: z.string(),
  /** Name of the folder that the earlier snapshot of the period went to. */
  supersedes: z.string().regex(folderName).nullable(),
  syncs: z.array(z.object({connection_id: z.string(), sync_id: z.string()})),
  /** The `summary` mart with what has no price side by side: a row per currency, decimals as text. */
  totals: z.array(z.record(z.string(), z.string().nullable())),
  files: z.array(z.object({path: z.string(), bytes: z.number(), sha256: z.string()})),
});

export type Manifest = z.infer<typeof manifestSchema>;

export interface Snapshot {
  /** Of its folder: the period, or the period with `.superseded-` and a number. */
  readonly name: string;
  readonly folder: string;
  readonly period: string;
  readonly isSuperseded: boolean;
  /** SHA-256 of the manifest, which holds those of all files. */
  readonly checksum: string;
  readonly manifest: Manifest;
}

export const manifestFile = "manifest.json";
const unfinished = ".closing-";

export function snapshotsFolder(directory: string): string {
  return join(directory, "snapshots");
}

/** Makes the folder that a snapshot is written to before it gets its name. */
export function makeUnfinishedSnapshot(directory: string, period: string): Promise<string> {
  return makeUnfinished(snapshotsFolder(directory), `${unfinished}${period}-`);
}

/** A manifest as it stands in its file: with its own SHA-256. */
export function sealManifest(manifest: Manifest): {text: string; checksum: string} {
  const checksum = createHash("sha256").update(JSON.stringify(manifest)).digest("hex");
  return {text: `${JSON.stringify({...manifest, sha256: checksum}, null, 2)}\n`, checksum};
}

type Place = Pick<Snapshot, "name" | "folder" | "period" | "isSuperseded">;

/** The tenth that was set aside comes after the second. */
const {compare: byNumber} = new Intl.Collator("en", {numeric: true});

/** Where the snapshots of a workspace lie, whatever is in them. */
async function listPlaces(directory: string): Promise<Place[]> {
  await recoverSnapshots(directory);
  const names = (await readdir(snapshotsFolder(directory)).catch(nullIfAbsent)) ?? [];
  return names.sort(byNumber).flatMap((name): Place[] => {
    const [, period, superseded] = folderName.exec(name) ?? [];
    if (period === undefined) return [];
    return [{name, folder: join(snapshotsFolder(directory), name), period, isSuperseded: superseded !== undefined}];
  });
}

/** Fails on a manifest that was changed, or that is of another period. */
async function readSnapshot(place: Place): Promise<Snapshot> {
  const {name, folder, period} = place;
  const written = await readManifest(name, folder);
  if (written.manifest.period !== period)
    throw damaged(`snapshots/${name} is the snapshot of ${written.manifest.period}.`);
  return {...place, ...written};
}

/** Every snapshot of a workspace, superseded ones among them, the oldest first. Fails on one that was changed. */
export async function listSnapshots(directory: string): Promise<Snapshot[]> {
  const found: Snapshot[] = [];
  for (const place of await listPlaces(directory)) found.push(await readSnapshot(place));
  return found;
}

/** Whether a period has a snapshot that counts, whatever is in it. */
export async function isClosed(directory: string, period: string): Promise<boolean> {
  return (await listPlaces(directory)).some(({name}) => name === period);
}

/** The folder with the mappings of the last closed period; undefined while none is closed. */
export async function lastClosedMappings(directory: string): Promise<string | undefined> {
  const last = (await listPlaces(directory)).findLast(({isSuperseded}) => !isSuperseded);
  return last && join(last.folder, "mappings");
}

/** The snapshot that counts for a period. */
export async function findSnapshot(directory: string, period: string): Promise<Snapshot | undefined> {
  const place = (await listPlaces(directory)).find(({name}) => name === period);
  return place && readSnapshot(place);
}

async function readManifest(name: string, folder: string): Promise<{manifest: Manifest; checksum: string}> {
  const file = `snapshots/${name}/${manifestFile}`;
  const text = await readFile(join(folder, manifestFile), "utf8").catch(nullIfAbsent);
  if (text === null) throw damaged(`${file} is missing.`);
  try {
    const {sha256, ...written} = JSON.parse(text);
    const manifest = manifestSchema.parse(written);
    if (sealManifest(manifest).checksum === sha256) return {manifest, checksum: sha256};
  } catch {
    throw damaged(`${file} cannot be read.`);
  }
  throw damaged(`${file} was changed after the period was closed.`);
}

/** What is wrong with a snapshot's files, in words. `among`: the files to look at; all, and any that were added, without it. */
export async function findTampering({name, folder, manifest}: Snapshot, among?: readonly string[]): Promise<string[]> {
  const faults: string[] = [];
  const listed = new Map(manifest.files.map((file) => [file.path, file.sha256]));
  for (const path of among ?? [...listed.keys()]) {
    const place = `snapshots/${name}/${path}`;
    const expected = listed.get(path);
    if (expected === undefined) faults.push(`${place} is not part of the snapshot.`);
    else if (!existsSync(join(folder, path))) faults.push(`${place} is missing.`);
    else {
      const actual = await fingerprintOf(join(folder, path));
      if (actual !== expected) {
        faults.push(
          `${place} was changed after the period was closed (SHA-256 ${short(actual)}, not ${short(expected)}).`,
        );
      }
    }
  }
  if (among === undefined) {
    const present = await readdir(folder, {recursive: true});
    for (const path of present.sort()) {
      const isFile = (await stat(join(folder, path))).isFile();
      if (isFile && path !== manifestFile && !listed.has(path)) faults.push(`snapshots/${name}/${path} was added.`);
    }
  }
  return faults;
}

/**
 * The marts of closed periods that the figures of a day (YYYY-MM-DD) follow from, each file checked: of periods up to that day
 * all of them, of later ones what was due.
 */
export async function closedMarts(directory: string, day: string): Promise<ClosedMarts[]> {
  const last = day.slice(0, 7);
  const martsOf = (snapshot: Snapshot): SnapshotMart[] =>
    martsIn(snapshot).filter((mart) => snapshot.period <= last || mart === "adjustments");
  const places = (await listPlaces(directory)).filter(({isSuperseded}) => !isSuperseded);
  const closed: Snapshot[] = [];
  for (const place of places) closed.push(await readSnapshot(place));
  const faults: string[] = [];
  for (const snapshot of closed) faults.push(...(await findTampering(snapshot, martsOf(snapshot).map(pathOf))));
  if (faults.length > 0) throw damaged(...faults);
  return closed.map((snapshot) => ({
    period: snapshot.period,
    folder: join(snapshot.folder, "marts"),
    marts: martsOf(snapshot),
    checksum: snapshot.checksum,
  }));
}

const pathOf = (mart: SnapshotMart): string => `marts/${mart}.parquet`;

/** The marts of a snapshot that other months read. Earlier versions made no adjustments and no decisions. */
function martsIn({manifest}: Snapshot): SnapshotMart[] {
  const isOptional = (mart: SnapshotMart): boolean => mart === "adjustments" || mart === "decisions";
  return snapshotMarts.filter((mart) => !isOptional(mart) || manifest.files.some(({path}) => path === pathOf(mart)));
}

/** Takes a closed period back: its snapshot stays under another name, which is returned. */
export async function reopenPeriod(directory: string, period: string): Promise<string> {
  checkPeriod(period);
  // Also of one that was changed: to take it back is what its errors advise.
  const place = (await listPlaces(directory)).find(({name}) => name === period);
  if (place === undefined) {
    throw new ConfigurationError([
      {
        file: "--period",
        value: period,
        message: "this period is not closed.",
        remedy: "`trueup periods` lists those that are.",
      },
    ]);
  }
  const name = await nextSupersededName(directory, period);
  await rename(place.folder, join(snapshotsFolder(directory), name));
  return name;
}

/** The name that the present snapshot of a period gets when it is set aside. */
export async function nextSupersededName(directory: string, period: string): Promise<string> {
  const names = (await readdir(snapshotsFolder(directory)).catch(nullIfAbsent)) ?? [];
  let number = 1;
  while (names.includes(`${period}.superseded-${number}`)) number += 1;
  return `${period}.superseded-${number}`;
}

export function checkPeriod(period: string): void {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(period)) return;
  throw new ConfigurationError([{file: "--period", value: period, message: "expected a month such as 2026-10."}]);
}

/**
 * Ends what killed runs left unfinished. A run that had set the earlier snapshot aside already had a whole new one, which
 * takes its place; anything else is removed.
 */
async function recoverSnapshots(directory: string): Promise<void> {
  const parent = snapshotsFolder(directory);
  for (const name of await listAbandoned(parent, unfinished)) {
    const folder = join(parent, name);
    const written = await readManifest(name, folder).catch(() => undefined);
    const {period, supersedes} = written?.manifest ?? {period: "", supersedes: null};
    const isSetAside = supersedes !== null && existsSync(join(parent, supersedes)) && !existsSync(join(parent, period));
    if (isSetAside) await rename(folder, join(parent, period));
    else await rm(folder, {recursive: true, force: true});
  }
}

/** `3fa94c…` → its first twelve digits, enough to tell checksums apart by eye. */
export function short(checksum: string): string {
  return checksum.slice(0, 12);
}

/** The error of a snapshot with such faults, with what to do about it. */
export function damaged(...faults: string[]): Error {
  return new Error(
    `${faults.join("\n")}\nRestore the snapshot from a backup, or take it back with \`trueup reopen\` and close the period again.`,
  );
}
