import {existsSync} from "node:fs";
import {rename, rm} from "node:fs/promises";
import {basename, dirname, join} from "node:path";

/** A name beside a folder that is not likely to be that of a copy somebody keeps: `acme/.marts.previous`. */
export function beside(folder: string, which: "next" | "previous"): string {
  return join(dirname(folder), `.${basename(folder)}.${which}`);
}

/** Puts `next` in the place of `current`. A run killed in between leaves `current` or its copy, which the next run restores. */
export async function replaceFolder(current: string, next: string): Promise<void> {
  const previous = beside(current, "previous");
  await recoverFolder(current);
  if (existsSync(current)) await rename(current, previous);
  await rename(next, current);
  await rm(previous, {recursive: true, force: true});
}

/** Restores what a killed replacement set aside. */
export async function recoverFolder(current: string): Promise<void> {
  const previous = beside(current, "previous");
  if (!existsSync(previous)) return;
  if (existsSync(current)) await rm(previous, {recursive: true, force: true});
  else await rename(previous, current);
}
