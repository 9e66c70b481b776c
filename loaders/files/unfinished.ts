import {createHash} from "node:crypto";
import {readlinkSync} from "node:fs";
import {readdir, rm, stat, utimes} from "node:fs/promises";
import {hostname} from "node:os";
import {join, resolve} from "node:path";
import {nullIfAbsent} from "./absent.js";
import {makeFolder} from "./makeFolder.js";

/**
 * Folders on their way: what is made in one gets its name only when it is whole. They are named for the process that makes
 * them and where that runs, `.marts-3fa94c1d-4711`, so that what a killed one left can be told from what another is still
 * making. Of a process that runs elsewhere, in a container or on a machine that shares the disk, nothing can be asked: while
 * it is at work it renews the time of its folder.
 */

/** Those of this process. In containers every run may have the same id, which then tells nothing. */
const own = new Map<string, NodeJS.Timeout>();
const renewed = 20_000;
const abandonedAfter = 5 * 60_000;
const here = createHash("sha256").update(`${hostname()} ${processSpace()}`).digest("hex").slice(0, 8);

/** What ids of processes are told apart in; only Linux has several on one machine. */
function processSpace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

/** How the folders of a process that runs where this one does end. */
export function endingOf(pid: number): string {
  return `${here}-${pid}`;
}

/** Makes an empty one: `.marts-` in `acme` → `acme/.marts-3fa94c1d-4711`, a second one `acme/.marts-2-3fa94c1d-4711`. */
export async function makeUnfinished(parent: string, prefix: string): Promise<string> {
  const pathOf = (number: number): string =>
    resolve(parent, `${prefix}${number === 1 ? "" : `${number}-`}${endingOf(process.pid)}`);
  let number = 1;
  while (own.has(pathOf(number))) number += 1;
  const folder = pathOf(number);
  own.set(folder, setInterval(() => renew(folder), renewed).unref());
  await rm(folder, {recursive: true, force: true});
  await makeFolder(folder);
  return folder;
}

async function renew(folder: string): Promise<void> {
  const now = new Date();
  await utimes(folder, now, now).catch(() => {});
}

/** Removes one of this process, where it did not get its name. */
export async function removeUnfinished(folder: string): Promise<void> {
  await rm(folder, {recursive: true, force: true});
  clearInterval(own.get(folder));
  own.delete(folder);
}

/** The names of those that killed processes left behind, among the ones with this prefix. */
export async function listAbandoned(parent: string, prefix: string): Promise<string[]> {
  const names = (await readdir(parent).catch(nullIfAbsent)) ?? [];
  const abandoned: string[] = [];
  for (const name of names) {
    if (name.startsWith(prefix) && !(await isMade(resolve(parent, name)))) abandoned.push(name);
  }
  return abandoned;
}

/** Removes them. */
export async function sweepUnfinished(parent: string, prefix: string): Promise<void> {
  for (const name of await listAbandoned(parent, prefix)) await rm(join(parent, name), {recursive: true, force: true});
}

async function isMade(folder: string): Promise<boolean> {
  const [, where, digits] = /-([0-9a-f]{8})-(\d+)$/.exec(folder) ?? [];
  const pid = Number(digits);
  if (where === here) return pid === process.pid ? own.has(folder) : isRunning(pid);
  const entry = await stat(folder).catch(nullIfAbsent);
  return entry !== null && Date.now() - entry.mtimeMs < abandonedAfter;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
