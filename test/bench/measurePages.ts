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
  readonly ready_ms: number;
}

export interface PagesMeasured {
  readonly overview: PageMeasured;
  readonly billing: PageMeasured;
  readonly client: PageMeasured;
  readonly explorer: PageMeasured;
  /** From the event to the frame after it, in the table of reconciled invoices. */
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
    const open = (path: string, rows: string) => measurePage(browser, site, path, rows);
    return {
      overview: await open("index", "section.chart svg a"),
      billing: await open("billing", "table tbody tr"),
      client: await open(`clients/${encodeURIComponent(clientSlug)}`, "table.breakdown tbody tr"),
      explorer: await open("explore", '.query-result [role="gridcell"]'),
      ...(await measureBilling(browser, site)),
    };
  } finally {
    await browser.close();
    site.close();
  }
}

/** The medians of several visits, each with an empty cache; one before them lets the server compress. */
async function measurePage(browser: Browser, site: CompressedSite, path: string, rows: string): Promise<PageMeasured> {
  const visits: PageMeasured[] = [];
  for (let visit = 0; visit <= rounds; visit += 1) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await noteFirstRows(page, rows);
    site.answers.length = 0;
    await page.goto(`${site.url}${path}`);
    const ready = await page.waitForFunction(() => (globalThis as {firstRows?: number}).firstRows);
    await page.waitForLoadState("networkidle");
    const {answers} = site;
    const data = answers.filter((answer) => !code.test(answer.path));
    visits.push({
      wire_kb: kilobytes(answers),
      data_kb: kilobytes(data),
      requests: answers.length,
      ready_ms: Math.round((await ready.jsonValue()) ?? Number.NaN),
    });
    await context.close();
  }
  const timed = visits.slice(1);
  const of = (figure: keyof PageMeasured): number => median(timed.map((visit) => visit[figure]));
  return {wire_kb: of("wire_kb"), data_kb: of("data_kb"), requests: of("requests"), ready_ms: of("ready_ms")};
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

async function measureBilling(
  browser: Browser,
  site: CompressedSite,
): Promise<Pick<PagesMeasured, "billing_filter_ms" | "billing_search_ms" | "billing_sort_ms">> {
  const page = await browser.newPage();
  await page.goto(`${site.url}billing`);
  await page.locator("table tbody tr").first().waitFor();
  await page.waitForLoadState("networkidle");
  return {
    billing_filter_ms: await timeChanges(page, (round) => {
      const select = document.querySelector<HTMLSelectElement>(".filters select");
      if (select === null) throw new Error("The table has no filter by direction.");
      select.value = round % 2 === 0 ? "under" : "over";
      select.dispatchEvent(new Event("change", {bubbles: true}));
    }),
    billing_search_ms: await timeChanges(page, (round) => {
      const search = document.querySelector<HTMLInputElement>(".filters input[type=search]");
      if (search === null) throw new Error("The table cannot be searched.");
      search.value = `client ${round + 1}`;
      search.dispatchEvent(new Event("input", {bubbles: true}));
    }),
    billing_sort_ms: await timeChanges(page, (round) => {
      const search = document.querySelector<HTMLInputElement>(".filters input[type=search]");
      if (round === 0 && search !== null) {
        search.value = "";
        search.dispatchEvent(new Event("input", {bubbles: true}));
      }
      document.querySelectorAll<HTMLButtonElement>("thead [data-sort]")[round % 2 === 0 ? 4 : 0]?.click();
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
