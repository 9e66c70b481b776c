import {readdir} from "node:fs/promises";
import {basename, join} from "node:path";
import {type Database, openDatabase} from "../database.js";
import {rememberMarts} from "../files/whileUnreplaced.js";
import {checkMarts, readAsOf, viewMarts} from "../marts/martFiles.js";
import {ConfigurationError} from "../problems.js";
import {checkPeriod, damaged, findSnapshot, findTampering, isClosed, snapshotsFolder} from "../snapshots/snapshots.js";

export type Row = Readonly<Record<string, unknown>>;

export interface OpenMarts {
  /** Every mart is a view. */
  readonly database: Database;
  readonly names: readonly string[];
  /** The month of the figures, as 2026-11. */
  readonly period: string;
  /** Their UTC day. */
  readonly asOfDate: string;
  /** The folder of the marts that the month was closed with; null where it is open. */
  readonly closedFolder: string | null;
  /** Fails if another run has replaced the marts: to be asked when all is read, before anything of it is put out. */
  readonly confirm: () => Promise<void>;
}

/** Reads the marts of a period, or the present ones, and closes them. */
export async function readMarts<T>(
  directory: string,
  period: string | undefined,
  use: (marts: OpenMarts) => Promise<T>,
): Promise<T> {
  const marts = await openMarts(directory, period);
  try {
    return await use(marts);
  } catch (error) {
    await marts.confirm();
    throw error;
  } finally {
    marts.database.close();
  }
}

/** Opens the present marts, or those of a period: a closed one is read from its snapshot only. */
export async function openMarts(directory: string, period?: string): Promise<OpenMarts> {
  const folder = period === undefined ? join(directory, "marts") : await martsOf(directory, period);
  checkMarts(folder);
  const confirm = await rememberMarts(folder);
  const database = await openDatabase();
  try {
    const files = (await readdir(folder)).filter((name) => name.endsWith(".parquet")).sort();
    const names = files.map((name) => basename(name, ".parquet"));
    await viewMarts(database, folder, names);
    const asOfDate = (await readAsOf(database)).slice(0, 10);
    const month = asOfDate.slice(0, 7);
    if (period !== undefined && month !== period) throw unknownPeriod(period, month);
    const closedFolder = (await isClosed(directory, month)) ? join(snapshotsFolder(directory), month, "marts") : null;
    return {database, names, period: month, asOfDate, closedFolder, confirm};
  } catch (error) {
    database.close();
    await confirm();
    throw error;
  }
}

async function martsOf(directory: string, period: string): Promise<string> {
  checkPeriod(period);
  const snapshot = await findSnapshot(directory, period);
  if (snapshot === undefined) return join(directory, "marts");
  const faults = await findTampering(snapshot);
  if (faults.length > 0) throw damaged(...faults);
  return join(snapshot.folder, "marts");
}

function unknownPeriod(period: string, month: string): ConfigurationError {
  return new ConfigurationError([
    {
      file: "--period",
      value: period,
      message: `is not closed, and the present figures are those of ${month}.`,
      remedy: "`trueup periods` lists closed months; `trueup reconcile --as-of DATE` works out another day.",
    },
  ]);
}

/** A mart that older snapshots may lack. */
export function requireMart({names, period}: OpenMarts, name: string): void {
  if (names.includes(name)) return;
  throw new Error(`The marts of ${period} have no ${name}: they were made by an earlier version.`);
}
