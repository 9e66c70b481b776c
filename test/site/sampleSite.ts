import {cp, mkdtemp, rm} from "node:fs/promises";
import type {Server} from "node:http";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Browser, Page} from "playwright-core";
import {sync} from "../../loaders/lake/sync.js";
import {reconcile} from "../../loaders/marts/reconcile.js";
import {build} from "../../loaders/site/build.js";
import {preview} from "../../loaders/site/preview.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";
import {makeOnce} from "../makeOnce.js";
import {copySample} from "../sample/copySample.js";
import {copyReconciled, madeSample} from "../sample/madeSample.js";
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

/** The sample's site, built and served; `prepare` may do something with the workspace before it is synced. */
export async function openSampleSite(prepare?: Prepare): Promise<SampleSite> {
  const folder = await mkdtemp(join(tmpdir(), "trueup-site-"));
  if (prepare === undefined) {
    await copyReconciled(folder);
    await cp(join(await builtSample("present"), "dist"), join(folder, "dist"), {recursive: true});
  } else {
    await copySample(folder);
    await prepare(folder);
    const workspace = await readWorkspace(folder);
    await sync(workspace);
    await reconcile(workspace);
    await build({...workspace, out: join(folder, "dist")});
  }
  return serve(folder, () => rm(folder, {recursive: true, force: true}));
}

/** The same for tests that write nothing into its folder, with the months before it closed or as it ships. */
export async function openSharedSite(which: "months" | "present"): Promise<SampleSite> {
  return serve(await builtSample(which), async () => {});
}

async function builtSample(which: "months" | "present"): Promise<string> {
  const folder = await madeSample(which);
  await makeOnce(`${which}-site`, async () => build({...(await readWorkspace(folder)), out: join(folder, "dist")}));
  return folder;
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
