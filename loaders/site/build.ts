import {access, constants, mkdir, mkdtemp, rename, rm, symlink} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {takeModes} from "../files/takeModes.js";
import {makeUnfinished, removeUnfinished, sweepUnfinished} from "../files/unfinished.js";
import {whileUnreplaced} from "../files/whileUnreplaced.js";
import type {LakePlace} from "../lake/lake.js";
import {checkMarts, refuseEarlier} from "../marts/martFiles.js";
import {copyMarts} from "./data/copyMarts.js";
import {copyPreview} from "./data/copyPreview.js";
import {writeSiteData} from "./data/siteData.js";
import {writeDatabase} from "./data/writeDatabase.js";
import {stampClientPages} from "./pages/clientPages.js";
import {copyDuckdb} from "./pages/copyDuckdb.js";
import {copyFonts} from "./pages/fonts.js";
import {finishNotFoundPage} from "./pages/notFoundPage.js";
import {placeRenderedPages} from "./pages/renderedPages.js";
import {finishPages} from "./pages/shell.js";
import {findFaults} from "./pages/verify.js";
import {claimPlace, placeSite} from "./placeSite.js";

/** The marts of the workspace must exist. */
export interface BuildOptions extends LakePlace {
  /** Shown on the pages. */
  readonly name: string;
  /** The workspace's own. */
  readonly currency: string;
  readonly inactiveAfterDays: number;
  /** Folder of the finished site; replaced as a whole, and only by a site that holds together. */
  readonly out: string;
  /** The pages and components; those of the installation unless given. */
  readonly source?: string;
  /** Folder that pages are made in and kept for the next build; below the installation's node_modules unless given. */
  readonly cache?: string;
  /** Stops the work; the old site stays. */
  readonly signal?: AbortSignal;
}

const installation = fileURLToPath(new URL("../..", import.meta.url));
const packages = join(installation, "node_modules");
/** For DuckDB, which puts what is beyond onto the disk: what it sorts and writes grows with clients and seats, memory must not. */
const memoryLimit = "384MB";

/**
 * Makes the static site of a workspace. Asks nobody outside this machine.
 *
 * Fails, and leaves the old site as it is, if there are no marts or if any page would fail in a browser.
 */
export async function build(options: BuildOptions): Promise<{pages: number}> {
  const marts = join(options.directory, "marts");
  checkMarts(marts);
  await whileUnreplaced(marts, () => refuseEarlier(marts));
  const claim = await claimPlace(options.out);
  try {
    return await makeSite(options, marts);
  } finally {
    await removeUnfinished(claim);
  }
}

async function makeSite(options: BuildOptions, marts: string): Promise<{pages: number}> {
  const {
    directory,
    lake,
    storage,
    name,
    currency,
    inactiveAfterDays,
    out,
    source = join(installation, "src"),
    cache = join(packages, ".cache", "trueup"),
    signal,
  } = options;
  const {workshop, close} = await openWorkshop(cache);
  const work = await makeUnfinished(workshop, "build-");
  try {
    const dist = join(work, "dist");
    const data = join(work, "data");
    const tempDirectory = join(work, "spill");
    await mkdir(data, {recursive: true});
    const {clients, asOf, version} = await whileUnreplaced(marts, async () => {
      // None needs another, and few of them keep two cores busy. What is removed in the end must not be written any more.
      const [rendered, written, stored] = await Promise.allSettled([
        placeRenderedPages({
          source,
          work,
          signal,
          cache: workshop,
          config: join(installation, "observablehq.config.ts"),
          lockFile: join(installation, "package-lock.json"),
        }),
        writeSiteData({marts, folder: data, currency, inactiveAfterDays, tempDirectory, memoryLimit}),
        writeDatabase({
          directory,
          lake,
          storage,
          memoryLimit,
          file: join(data, "trueup.duckdb"),
          tempDirectory: join(work, "database-spill"),
        }),
      ]);
      if (rendered.status === "rejected") throw rendered.reason;
      if (written.status === "rejected") throw written.reason;
      if (stored.status === "rejected") throw stored.reason;
      signal?.throwIfAborted();
      await rename(data, join(dist, "data"));
      await copyMarts(marts, join(dist, "data", "marts"));
      await copyPreview(join(marts, "preview"), join(dist, "data"));
      return written.value;
    });
    signal?.throwIfAborted();
    await copyFonts(join(dist, "_fonts"));
    await copyDuckdb(join(dist, "_duckdb"));
    await finishPages(dist, {workspace: name, currency, asOf, version});
    await finishNotFoundPage(dist, source);
    const faults = await findFaults(dist);
    if (faults.length > 0) {
      throw new Error(
        `The site does not hold together; the old one stays.\n${faults.slice(0, 20).join("\n")}${
          faults.length > 20 ? `\nand ${faults.length - 20} more` : ""
        }`,
      );
    }
    const pages = await stampClientPages(dist, {clients, version});
    await takeModes(dist, work);
    signal?.throwIfAborted();
    await placeSite(dist, out);
    return {pages};
  } finally {
    await removeUnfinished(work);
    await close();
  }
}

/**
 * The folder that pages are made in, below one of packages so that their bare imports find these. Where nothing can be written,
 * as in an installation of somebody else's, it is a temporary one, and pages are rendered anew each time.
 */
async function openWorkshop(cache: string): Promise<{workshop: string; close(): Promise<void>}> {
  try {
    await mkdir(cache, {recursive: true});
    await access(cache, constants.W_OK);
  } catch {
    const workshop = await mkdtemp(join(tmpdir(), "trueup-site-"));
    await symlink(packages, join(workshop, "node_modules"), "junction");
    return {workshop, close: () => rm(workshop, {recursive: true, force: true})};
  }
  await sweepUnfinished(cache, "build-");
  return {workshop: cache, close: async () => {}};
}
