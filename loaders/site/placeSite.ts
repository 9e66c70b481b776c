import {existsSync} from "node:fs";
import {cp, lstat, readdir, realpath, rename, rm, stat} from "node:fs/promises";
import {basename, dirname, join} from "node:path";
import {makeFolder} from "../files/makeFolder.js";
import {beside, recoverFolder, replaceFolder} from "../files/replaceFolder.js";
import {describeSystemError} from "../files/systemErrors.js";
import {makeUnfinished, removeUnfinished, sweepUnfinished} from "../files/unfinished.js";
import {ConfigurationError} from "../problems.js";

/**
 * Puts a finished site in the place of the old one, where a link leads if the place is one. A build killed in between leaves one
 * of the two, which the next build finds. A folder that holds anything but a built site is never replaced. Fails with the path of
 * that place: what is made beside it has names that nobody gave.
 */
export async function placeSite(dist: string, place: string): Promise<void> {
  const out = await followLink(place);
  await refuseOtherFolder(out);
  const next = beside(out, "next");
  try {
    await makeFolder(dirname(out));
    await rm(next, {recursive: true, force: true});
    await move(dist, next);
    await replaceFolder(out, next);
  } catch (error) {
    throw Object.assign(error as Error, {path: out, dest: undefined});
  }
}

/**
 * Keeps other builds from a place until the folder that it returns, made beside it, is removed: two would take each other's
 * site away while they put it there. Restores the old site where a killed build had just set it aside. Fails where none can
 * be put, or another build is about to: that is better known before the work than after it.
 */
export async function claimPlace(place: string): Promise<string> {
  const out = await followLink(place);
  await refuseOtherFolder(out);
  await refuseVolume(out);
  const [parent, prefix] = [dirname(out), `${basename(out)}.building-`];
  const claim = await orRefuse(out, async () => {
    await sweepUnfinished(parent, prefix);
    return makeUnfinished(parent, prefix);
  });
  try {
    const [, other] = (await readdir(parent)).filter((name) => name.startsWith(prefix));
    if (other !== undefined) {
      const message = "another build is about to put a site there.";
      const remedy = "Wait until it has ended, or give `--out` another folder.";
      throw new ConfigurationError([{file: out, message, remedy}]);
    }
    await orRefuse(out, () => recoverFolder(out));
    return claim;
  } catch (error) {
    await removeUnfinished(claim);
    throw error;
  }
}

async function orRefuse<T>(out: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new ConfigurationError([
      {
        file: out,
        message: `no site can be put there: ${describeSystemError(error)}`,
        remedy: "Give `--out` another folder.",
      },
    ]);
  }
}

async function refuseOtherFolder(out: string): Promise<void> {
  if (!existsSync(out) || existsSync(join(out, "_import"))) return;
  if ((await orRefuse(out, () => readdir(out))).length === 0) return;
  throw new ConfigurationError([
    {
      file: out,
      message: "this folder holds something other than a built site; the site would replace all of it.",
      remedy: "Give `--out` a folder that does not exist yet.",
    },
  ]);
}

/** A volume of a container, say: it can neither be set aside nor replaced. */
async function refuseVolume(out: string): Promise<void> {
  if (!existsSync(out) || (await stat(out)).dev === (await stat(dirname(out))).dev) return;
  throw new ConfigurationError([
    {
      file: out,
      message: "this is a volume of its own, and the site is put in the place of a folder.",
      remedy: `Give \`--out\` a folder in it, such as ${join(out, "site")}.`,
    },
  ]);
}

async function followLink(place: string): Promise<string> {
  const entry = await lstat(place).catch(() => null);
  return entry?.isSymbolicLink() ? realpath(place) : place;
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
