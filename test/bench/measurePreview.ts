import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {gzipSync} from "node:zlib";
import type {Page} from "playwright-core";
import {sync} from "../../loaders/lake/sync.js";
import {reconcile} from "../../loaders/marts/reconcile.js";
import {copyPreview} from "../../loaders/site/data/copyPreview.js";
import {copyDuckdb} from "../../loaders/site/pages/copyDuckdb.js";
import {preview} from "../../loaders/site/preview.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";
import type {MappingFiles, Mappings} from "../../src/lib/mappingTables.js";
import {readMappingFiles} from "../../src/lib/readMappingCsv.js";
import {bundlePreview, type PreviewPage} from "../preview/bundlePreview.js";
import {copySample} from "../sample/copySample.js";
import {openBrowser} from "../site/chromium.js";
import {type Size, writeWorkspace} from "./writeWorkspace.js";

export interface PreviewMeasured {
  readonly workspace: string;
  readonly megabytes: number;
  readonly gzip_megabytes: number;
  readonly load_seconds: number | null;
  /** The median edit of each table, milliseconds. */
  readonly clients_ms: number | null;
  readonly services_ms: number | null;
  readonly exclusions_ms: number | null;
  readonly prices_ms: number | null;
  readonly refused: string;
}

const rounds = 5;

/** Opens the preview of a workspace in Chromium and measures edits, each a change of one row; the sample where no size is given. */
export async function measurePreview(size: Size | null): Promise<PreviewMeasured> {
  const directory = await mkdtemp(join(tmpdir(), "trueup-bench-preview-"));
  try {
    if (size === null) await copySample(directory);
    else await writeWorkspace(directory, size);
    const workspace = await readWorkspace(directory);
    if (size === null) await sync(workspace);
    await reconcile(workspace);
    // The pages are not needed, and take most of the time of a build.
    const dist = join(directory, "dist");
    await copyPreview(join(directory, "marts", "preview"), join(dist, "data"));
    await copyDuckdb(join(dist, "_duckdb"));
    await writeFile(join(dist, "index.html"), "<!doctype html><title>Bench</title>");
    const name = size === null ? "sample" : `${size.clients} clients, ${size.seats} seats`;
    return {workspace: name, ...(await sizeOf(join(dist, "data"))), ...(await measurePage(dist))};
  } finally {
    await rm(directory, {recursive: true, force: true});
  }
}

async function sizeOf(folder: string): Promise<{megabytes: number; gzip_megabytes: number}> {
  const files = await Promise.all(
    ["preview.json", "mappings.json", "preview.duckdb"].map((name) =>
      readFile(join(folder, name)).catch(() => Buffer.alloc(0)),
    ),
  );
  const megabytes = (bytes: number): number => Number((bytes / 1e6).toFixed(2));
  return {
    megabytes: megabytes(files.reduce((sum, file) => sum + file.length, 0)),
    gzip_megabytes: megabytes(files.reduce((sum, file) => sum + gzipSync(file).length, 0)),
  };
}

async function measurePage(dist: string): Promise<Omit<PreviewMeasured, "workspace" | "megabytes" | "gzip_megabytes">> {
  const {server, url} = await preview(dist, 0);
  const browser = await openBrowser();
  try {
    const page = await browser.newPage();
    await page.goto(url);
    await page.evaluate(await bundlePreview());
    const opened = await page.evaluate(async () => {
      const global = globalThis as unknown as PreviewPage;
      const begin = performance.now();
      try {
        global.preview = await global.trueupPreview.openPreview();
        return {milliseconds: performance.now() - begin, refused: ""};
      } catch (error) {
        return {milliseconds: null, refused: (error as Error).message};
      }
    });
    if (opened.milliseconds === null) {
      const none = {clients_ms: null, services_ms: null, exclusions_ms: null, prices_ms: null};
      return {load_seconds: null, ...none, refused: opened.refused};
    }
    const files = JSON.parse(await readFile(join(dist, "data", "mappings.json"), "utf8")) as MappingFiles;
    const edits = editsOf(readMappingFiles(files));
    return {
      load_seconds: Number((opened.milliseconds / 1000).toFixed(2)),
      clients_ms: await measureEdits(page, edits.clients),
      services_ms: await measureEdits(page, edits.services),
      exclusions_ms: await measureEdits(page, edits.exclusions),
      prices_ms: await measureEdits(page, edits.prices),
      refused: "",
    };
  } finally {
    await browser.close();
    server.closeAllConnections();
    server.close();
  }
}

/** For each table a row taken back or added, a different one every time. */
function editsOf(mappings: Mappings): Record<"clients" | "services" | "exclusions" | "prices", Mappings[]> {
  const times = Array.from({length: rounds}, (_, n) => n);
  const without = (table: "clients" | "services", n: number) => mappings[table].filter((_, index) => index !== n);
  return {
    clients: times.map((n) => ({...mappings, clients: without("clients", n)})),
    services: times.map((n) => ({...mappings, services: without("services", n)})),
    exclusions: times.map((n) => {
      const {connection_id = null, account_id = null} = mappings.clients[n] ?? {};
      return {...mappings, exclusions: [...mappings.exclusions, {connection_id, account_id, reason: "Bench"}]};
    }),
    prices: times.map((n) => {
      const {service_id = null} = mappings.services[n] ?? {};
      return {...mappings, prices: [...mappings.prices, {service_id, client_id: null, unit_price: `${n + 1}`}]};
    }),
  };
}

/** The median in milliseconds, as a page sees it: from the call to the figures. */
async function measureEdits(page: Page, edits: readonly Mappings[]): Promise<number> {
  const times: number[] = [];
  for (const edit of edits) {
    times.push(
      await page.evaluate(async (mappings) => {
        const {preview} = globalThis as unknown as PreviewPage;
        const begin = performance.now();
        const {problems} = await preview.run(mappings);
        if (problems.length > 0) throw new Error(JSON.stringify(problems));
        return performance.now() - begin;
      }, edit),
    );
  }
  return Math.round(times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0);
}
