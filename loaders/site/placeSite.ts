import {existsSync} from "node:fs";
import {cp, mkdir, readdir, rename, rm} from "node:fs/promises";
import {dirname, join} from "node:path";
import {recoverFolder, replaceFolder} from "../files/replaceFolder.js";
import {ConfigurationError} from "../problems.js";

/**
 * Puts a finished site in the place of the old one. A build killed in between leaves one of the two, which the next build
 * finds. A folder that holds anything but a built site is never replaced.
 */
export async function placeSite(dist: string, out: string): Promise<void> {
  await refuseOtherFolder(out);
  const next = `${out}.next`;
  await mkdir(dirname(out), {recursive: true});
  await rm(next, {recursive: true, force: true});
  await move(dist, next);
  await replaceFolder(out, next);
}

/** Restores the old site where a killed build had just set it aside. */
export async function recoverSite(out: string): Promise<void> {
  await refuseOtherFolder(out);
  await recoverFolder(out);
}

async function refuseOtherFolder(out: string): Promise<void> {
  if (!existsSync(out) || existsSync(join(out, "_import"))) return;
  if ((await readdir(out)).length === 0) return;
  throw new ConfigurationError([
    {
      file: out,
      message: "this folder holds something other than a built site; the site would replace all of it.",
      remedy: "Give `--out` a folder that does not exist yet.",
    },
  ]);
}

async function move(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EXDEV") throw error;
    await cp(from, to, {recursive: true}).catch(async (cause) => {
      await rm(to, {recursive: true, force: true});
      throw cause;
    });
  }
}
