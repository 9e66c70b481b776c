import {readdir, rm} from "node:fs/promises";
import {join, resolve} from "node:path";
import {nullIfAbsent} from "./absent.js";
import {makeFolder} from "./makeFolder.js";

/**
 * Folders on their way: what is made in one gets its name only when it is whole. They are named for the process that makes
 * them, `.marts-4711`, so that what a killed one left can be told from what another is still making.
 */

/** Those of this process. In containers every run may have the same id, which then tells nothing. */
const own = new Set<string>();

/** Makes an empty one: `.marts-` in `acme` → `acme/.marts-4711`, a second at the same time `acme/.marts-2-4711`. */
export async function makeUnfinished(parent: string, prefix: string): Promise<string> {
  const pathOf = (number: number): string =>
    resolve(parent, `${prefix}${number === 1 ? "" : `${number}-`}${process.pid}`);
  let number = 1;
  while (own.has(pathOf(number))) number += 1;
  const folder = pathOf(number);
  own.add(folder);
  await rm(folder, {recursive: true, force: true});
  await makeFolder(folder);
  return folder;
}

/** Removes one of this process, where it did not get its name. */
export async function removeUnfinished(folder: string): Promise<void> {
  await rm(folder, {recursive: true, force: true});
  own.delete(folder);
}

/** The names of those that killed processes left behind, among the ones with this prefix. */
export async function listAbandoned(parent: string, prefix: string): Promise<string[]> {
  const names = (await readdir(parent).catch(nullIfAbsent)) ?? [];
  return names.filter((name) => name.startsWith(prefix) && !isMade(resolve(parent, name)));
}

/** Removes them. */
export async function sweepUnfinished(parent: string, prefix: string): Promise<void> {
  for (const name of await listAbandoned(parent, prefix)) await rm(join(parent, name), {recursive: true, force: true});
}

function isMade(folder: string): boolean {
  const [, digits] = /-(\d+)$/.exec(folder) ?? [];
  const pid = Number(digits);
  return pid === process.pid ? own.has(folder) : digits !== undefined && isRunning(pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
