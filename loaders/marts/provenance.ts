import {createHash} from "node:crypto";
import {existsSync} from "node:fs";
import {readdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {version as duckdbVersion} from "@duckdb/node-api";
import {z} from "zod";
import {nullIfAbsent} from "../files/absent.js";
import {fingerprintOf} from "../files/fingerprint.js";
import {whileUnreplaced} from "../files/whileUnreplaced.js";
import type {Problem} from "../problems.js";
import type {InputRow} from "./inputs.js";
import type {MartInputs} from "./marts.js";
import type {Model} from "./models.js";

/** What the marts of a workspace are made from, in short. It is kept beside them, so that the same need not be made again. */
export interface Provenance {
  /** Of everything that figures follow from, besides the instant. */
  readonly digest: string;
  readonly asOf: Date;
  /** The first instant at which the same inputs may give other figures: another day begins or a sync gets too old. */
  readonly holdsUntil: Date;
}

const fileName = "provenance.json";
/** Raised with every change to how marts are made besides the models. */
const format = 2;
const hour = 60 * 60 * 1000;

export function traceProvenance(
  {settings, closed, lake: _, ...inputs}: MartInputs,
  {models, macros}: {models: readonly Model[]; macros: string},
): Provenance {
  const [{as_of, as_of_date, ...lasting} = {}] = settings;
  const sources = models.map(({file, sql}) => [file, sql]);
  const snapshots = closed.map(({period, checksum}) => [period, checksum]);
  // A sync's folder never changes, so that its record stands for its data.
  const parts = [format, duckdbVersion(), macros, sources, snapshots, lasting, inputs];
  const asOf = new Date(as_of as Date);
  return {
    digest: createHash("sha256").update(JSON.stringify(parts)).digest("hex"),
    asOf,
    holdsUntil: endOf(asOf, Number(lasting.stale_after_hours), inputs.syncs),
  };
}

function endOf(asOf: Date, staleAfterHours: number, syncs: readonly InputRow[]): Date {
  const midnight = new Date(asOf).setUTCHours(24, 0, 0, 0);
  const getOld = syncs
    .filter(({is_current, fresh_at}) => is_current === true && fresh_at !== null)
    .map(({fresh_at}) => Date.parse(String(fresh_at)) + staleAfterHours * hour)
    .filter((lastFresh) => lastFresh >= asOf.getTime())
    .map((lastFresh) => lastFresh + 1);
  return new Date(Math.min(midnight, ...getOld));
}

export interface Unchanged {
  readonly asOf: Date;
  readonly warnings: readonly Problem[];
}

/**
 * What is known of the marts in a folder if making them again would give the same: same inputs and same instant, or, where
 * nobody asked for an instant, one up to which nothing changes. Null if it would not, or if marts are missing.
 */
export async function readUnchanged(
  folder: string,
  next: Provenance,
  {marts, isAsOfNow}: {marts: readonly string[]; isAsOfNow: boolean},
): Promise<Unchanged | null> {
  if (!marts.every((name) => existsSync(join(folder, `${name}.parquet`)))) return null;
  const record = recordSchema.safeParse(await readJson(join(folder, fileName)));
  if (!record.success || record.data.digest !== next.digest) return null;
  const {as_of: asOf, holds_until: holdsUntil, warnings} = record.data;
  const holds = isAsOfNow ? asOf <= next.asOf && next.asOf < holdsUntil : asOf.getTime() === next.asOf.getTime();
  return holds ? {asOf, warnings} : null;
}

/** The SHA-256 of every mart in a folder as it was when they were made; none where nobody noted them. */
export async function readFingerprints(folder: string): Promise<Readonly<Record<string, string>>> {
  const record = recordSchema.safeParse(await readJson(join(folder, fileName)));
  return record.success ? record.data.files : {};
}

/** Marts of a folder that are not as they were made, or are gone. Another run may replace them all meanwhile. */
export async function findDamagedMarts(folder: string): Promise<Problem[]> {
  if (!existsSync(folder)) return [];
  return whileUnreplaced(folder, async () => {
    const made = await readFingerprints(folder);
    const problems: Problem[] = [];
    for (const [name, fingerprint] of Object.entries(made)) {
      if ((await fingerprintOf(join(folder, name)).catch(nullIfAbsent)) === fingerprint) continue;
      const remedy = "Run `trueup reconcile --force`.";
      problems.push({file: `marts/${name}`, message: "it is not as it was made.", remedy});
    }
    return problems;
  });
}

const recordSchema = z.object({
  digest: z.string(),
  as_of: z.coerce.date(),
  holds_until: z.coerce.date(),
  /** SHA-256 by file name. */
  files: z.record(z.string(), z.string()),
  warnings: z.array(
    z.object({
      file: z.string(),
      line: z.number().optional(),
      column: z.string().optional(),
      value: z.string().optional(),
      message: z.string(),
      remedy: z.string().optional(),
    }),
  ),
});

async function readJson(path: string): Promise<unknown> {
  return readFile(path, "utf8")
    .then(JSON.parse)
    .catch(() => null);
}

export async function writeProvenance(
  folder: string,
  {digest, asOf, holdsUntil}: Provenance,
  warnings: readonly Problem[],
): Promise<void> {
  const files: Record<string, string> = {};
  for (const name of (await readdir(folder)).filter((name) => name.endsWith(".parquet")).sort())
    files[name] = await fingerprintOf(join(folder, name));
  const record = {digest, as_of: asOf, holds_until: holdsUntil, files, warnings};
  await writeFile(join(folder, fileName), `${JSON.stringify(record, null, 2)}\n`);
}
