import {existsSync} from "node:fs";
import {mkdir, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import type {Server} from "node:http";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {setTimeout as pause} from "node:timers/promises";
import type {Browser, Page} from "playwright-core";
import {inject} from "vitest";
import {closeMonths} from "../../data/sample/closeMonths.js";
import {sync} from "../../loaders/lake/sync.js";
import {reconcile} from "../../loaders/marts/reconcile.js";
import {build} from "../../loaders/site/build.js";
import {preview} from "../../loaders/site/preview.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";
import {copySample} from "../sample/copySample.js";
import {openBrowser} from "./chromium.js";

/** The sample workspace as it ships. */
export const sample = new URL("../../data/sample/", import.meta.url).pathname;

export interface SampleSite {
  /** The workspace: synced, reconciled, its site in `dist`. */
  readonly folder: string;
  readonly url: string;
  readonly server: Server;
  readonly browser: Browser;
  close(): Promise<void>;
}

type Prepare = (folder: string) => Promise<unknown>;

/** Builds the sample's site and serves it; `prepare` may do something with the workspace before it is synced. */
export async function openSampleSite(prepare?: Prepare): Promise<SampleSite> {
  const folder = await mkdtemp(join(tmpdir(), "trueup-site-"));
  await makeSite(folder, prepare);
  return serve(folder, () => rm(folder, {recursive: true, force: true}));
}

/**
 * The sample's site, with the months before it closed or as it ships, for tests that write nothing into its folder: the first
 * of their files builds it for all of them.
 */
export async function openSharedSite(which: "months" | "present"): Promise<SampleSite> {
  const folder = join(inject("sharedSites"), which);
  const isFirst = await mkdir(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
      return false;
    },
  );
  if (isFirst) {
    await makeSite(folder, which === "months" ? closeMonths : undefined).catch(async (error: Error) => {
      await writeFile(join(folder, "fault"), error.message);
      throw error;
    });
  } else await untilMade(folder);
  return serve(folder, async () => {});
}

/** A site is put in its place when it is whole. */
async function untilMade(folder: string): Promise<void> {
  while (!existsSync(join(folder, "dist"))) {
    if (existsSync(join(folder, "fault"))) throw new Error(await readFile(join(folder, "fault"), "utf8"));
    await pause(100);
  }
}

async function makeSite(folder: string, prepare?: Prepare): Promise<void> {
  await copySample(folder);
  await prepare?.(folder);
  const workspace = await readWorkspace(folder);
  await sync(workspace);
  await reconcile(workspace);
  await build({...workspace, out: join(folder, "dist")});
}

async function serve(folder: string, remove: () => Promise<void>): Promise<SampleSite> {
  const {server, url} = await preview(join(folder, "dist"), 0);
  const browser = await openBrowser();
  return {
    folder,
    url,
    server,
    browser,
    async close() {
      await browser.close();
      server.closeAllConnections();
      server.close();
      await remove();
    },
  };
}

/** Collects everything that goes wrong on a page, requests to anybody else included. */
export function watch(page: Page, url: string): string[] {
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") wrong.push(`console: ${message.text()}`);
  });
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(url)) wrong.push(`foreign: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) wrong.push(`${response.status()}: ${response.url()}`);
  });
  return wrong;
}
