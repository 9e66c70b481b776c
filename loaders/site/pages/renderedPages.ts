import {createHash} from "node:crypto";
import {existsSync} from "node:fs";
import {cp, readdir, rename, rm, stat, utimes} from "node:fs/promises";
import {join, relative} from "node:path";
import {fileURLToPath} from "node:url";
import {filesOf} from "../../files/filesOf.js";
import {fingerprintOf} from "../../files/fingerprint.js";
import {bundlePages} from "./bundlePages.js";
import {isPage, type RenderOptions, renderPages} from "./renderPages.js";
import {findFaults} from "./verify.js";

export interface RenderedPagesOptions extends RenderOptions {
  /** Folder that keeps what was rendered. */
  readonly cache: string;
  /** Stands for the versions of all libraries. */
  readonly lockFile: string;
}

const prefix = "pages-";
const day = 24 * 60 * 60 * 1000;
const steps = ["renderPages.ts", "bundlePages.ts", "scriptImports.ts"].map((file) =>
  fileURLToPath(new URL(file, import.meta.url)),
);

/**
 * Puts the rendered pages, bundled, into `dist` of the work folder. They hold no data, so that they follow from their sources
 * alone and are rendered once: Framework takes longer for that than everything else does for a thousand clients.
 */
export async function placeRenderedPages({cache, lockFile, ...options}: RenderedPagesOptions): Promise<void> {
  const {source, config, work} = options;
  const dist = join(work, "dist");
  const kept = join(cache, `${prefix}${await digestOf(source, [config, lockFile, ...steps])}`);
  if (existsSync(kept)) {
    const now = new Date();
    await utimes(kept, now, now);
    await cp(kept, dist, {recursive: true});
    return;
  }
  await renderPages(options);
  await bundlePages(dist).catch(async (error) => {
    // Pages at fault stay as they are: the verification to come names every fault.
    if ((await findFaults(dist)).length === 0) throw error;
  });
  await removeUnused(cache);
  const copy = join(work, "rendered");
  await cp(dist, copy, {recursive: true});
  // Another build may have been quicker with the same.
  await rename(copy, kept).catch(() => {});
}

async function digestOf(folder: string, files: readonly string[]): Promise<string> {
  const pages = (await filesOf(folder)).filter(isPage);
  const hash = createHash("sha256");
  for (const path of [...files.filter(existsSync), ...pages]) {
    hash.update(`${relative(folder, path)}\0${await fingerprintOf(path)}\0`);
  }
  return hash.digest("hex").slice(0, 32);
}

/** Not those of today: another build may be copying them. */
async function removeUnused(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (!name.startsWith(prefix)) continue;
    const path = join(cache, name);
    const used = await stat(path).catch(() => null);
    if (used !== null && Date.now() - used.mtimeMs > day) await rm(path, {recursive: true, force: true});
  }
}
