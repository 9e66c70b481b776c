import type {Browser, Page} from "playwright-core";
import {openBrowser} from "../site/chromium.js";
import {median} from "./median.js";
import {type CompressedSite, serveCompressed} from "./serveCompressed.js";

export interface PageMeasured {
  /** Everything over the wire, answers' headers included, with nothing in the browser's cache. */
  readonly wire_kb: number;
  /** Of that, all but scripts, styles, fonts and DuckDB: the document and the data. */
  readonly data_kb: number;
  readonly requests: number;
  /** From the start of the navigation to the frame that shows the page's first rows. */
  readonly rows_ms: number;
}

type Name = "overview" | "billing" | "client" | "explorer";

/** A figure of a page as `billing_wire_kb`, and what changes of the table of reconciled invoices take until they are painted. */
export type PagesMeasured = {[Figure in keyof PageMeasured as `${Name}_${Figure}`]: number} & BillingMeasured;

interface BillingMeasured {
  readonly billing_filter_ms: number;
  readonly billing_search_ms: number;
  readonly billing_sort_ms: number;
}

const rounds = 5;
const code = /\.(js|css|woff2|wasm|svg)$/;

/** Opens pages of a built site in Chromium, from a server with compression on this machine. */
export async function measurePages(dist: string, clientSlug: string): Promise<PagesMeasured> {
  const site = await serveCompressed(dist);
  const browser = await openBrowser();
  try {
    const open = (name: Name, path: string, rows: string) => measurePage(browser, site, name, path, rows);
    return {
      ...(await open("overview", "index", "section.chart svg a")),
      ...(await open("billing", "billing", "table tbody tr")),
      ...(await open("client", `clients/${encodeURIComponent(clientSlug)}`, "table.breakdown tbody tr")),
      ...(await open("explorer", "explore", '.query-result [role="gridcell"]')),
      ...(await measureBilling(browser, site)),
    };
  } finally {
    await browser.close();
    site.close();
  }
}

/** The medians of several visits, each with an empty cache; one before them lets the server compress. */
async function measurePage<N extends Name>(
  browser: Browser,
  site: CompressedSite,
  name: N,
  path: string,
  rows: string,
): Promise<{[Figure in keyof PageMeasured as `${N}_${Figure}`]: number}> {
  const visits: PageMeasured[] = [];
  for (let visit = 0; visit <= rounds; visit += 1) visits.push(await visitPage(browser, site, path, rows));
  const figures = ["wire_kb", "data_kb", "requests", "rows_ms"] as const;
  const medians = figures.map((figure) => [`${name}_${figure}`, median(visits.slice(1).map((visit) => visit[figure]))]);
  return Object.fromEntries(medians);
}

async function visitPage(browser: Browser, site: CompressedSite, path: string, rows: string): Promise<PageMeasured> {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await noteFirstRows(page, rows);
    site.answers.length = 0;
    await page.goto(`${site.url}${path}`);
    const noted = await page.waitForFunction(() => (globalThis as {firstRows?: number}).firstRows);
    await page.waitForLoadState("networkidle");
    return {
      wire_kb: kilobytes(site.answers),
      data_kb: kilobytes(site.answers.filter((answer) => !code.test(answer.path))),
      requests: site.answers.length,
      rows_ms: Math.round(Number(await noted.jsonValue())),
    };
  } finally {
    await context.close();
  }
}

function kilobytes(answers: readonly {bytes: number}[]): number {
  return Number((answers.reduce((sum, {bytes}) => sum + bytes, 0) / 1e3).toFixed(1));
}

/** Notes in the page when the first element that the selector finds has been painted; the page's clock begins with its navigation. */
async function noteFirstRows(page: Page, rows: string): Promise<void> {
  // As text: a function would refer to what its transpiling adds.
  await page.addInitScript(`
    function look() {
      if (document.querySelector(${JSON.stringify(rows)}) === null) requestAnimationFrame(look);
      else setTimeout(() => { globalThis.firstRows = performance.now(); });
    }
    requestAnimationFrame(look);
  `);
}

async function measureBilling(browser: Browser, site: CompressedSite): Promise<BillingMeasured> {
  const page = await browser.newPage();
  const time = async (change: (round: number) => void): Promise<number> => {
    await page.goto(`${site.url}billing`);
    await page.locator("table tbody tr").first().waitFor();
    await page.waitForLoadState("networkidle");
    return timeChanges(page, change);
  };
  return {
    billing_filter_ms: await time((round) => {
      const direction = document.querySelector(".filters select") as HTMLSelectElement;
      direction.value = round % 2 === 0 ? "under" : "over";
      direction.dispatchEvent(new Event("change", {bubbles: true}));
    }),
    billing_search_ms: await time((round) => {
      const search = document.querySelector(".filters input[type=search]") as HTMLInputElement;
      search.value = `client ${round + 1}`;
      search.dispatchEvent(new Event("input", {bubbles: true}));
    }),
    // By money and by name in turn.
    billing_sort_ms: await time((round) => {
      document.querySelector<HTMLElement>(round % 2 === 0 ? "[data-sort=under]" : "[data-sort=client]")?.click();
    }),
  };
}

/** The median time from a change to the end of the frame that paints it, after one that does not count. */
async function timeChanges(page: Page, change: (round: number) => void): Promise<number> {
  await page.evaluate(`globalThis.change = ${change}`);
  const times: number[] = [];
  for (let round = 0; round <= 2 * rounds; round += 1) {
    times.push(
      await page.evaluate(async (number) => {
        // Begins with a frame, so that no change waits for the one before.
        await new Promise((frame) => requestAnimationFrame(frame));
        await new Promise((rest) => setTimeout(rest, 20));
        const began = performance.now();
        (globalThis as unknown as {change: (round: number) => void}).change(number);
        // A task that follows a frame's callbacks runs after the frame is painted.
        await new Promise((frame) => requestAnimationFrame(frame));
        await new Promise((painted) => {
          const {port1, port2} = new MessageChannel();
          port1.onmessage = painted;
          port2.postMessage(null);
        });
        return performance.now() - began;
      }, round),
    );
  }
  return Math.round(median(times.slice(1)) * 10) / 10;
}
