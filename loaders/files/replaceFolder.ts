import {existsSync} from "node:fs";
import {rename, rm} from "node:fs/promises";

/** Puts `next` in the place of `current`. A run killed in between leaves `current` or its copy, which the next run restores. */
export async function replaceFolder(current: string, next: string): Promise<void> {
  const previous = `${current}.previous`;
  await recoverFolder(current);
  if (existsSync(current)) await rename(current, previous);
  await rename(next, current);
  await rm(previous, {recursive: true, force: true});
}

/** Restores what a killed replacement set aside. */
export async function recoverFolder(current: string): Promise<void> {
  const previous = `${current}.previous`;
  if (!existsSync(previous)) return;
  if (existsSync(current)) await rm(previous, {recursive: true, force: true});
  else await rename(previous, current);
}
