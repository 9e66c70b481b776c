import {readFile} from "node:fs/promises";
import {createServer} from "node:http";
import type {AddressInfo} from "node:net";
import {join} from "node:path";
import type {Page} from "playwright-core";
import sirv from "sirv";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import type {BillingClient} from "../../src/lib/billing.js";
import {rowsOf} from "../../src/lib/rows.js";
import {findBarriers} from "./findBarriers.js";
import {openSharedSite, type SampleSite, watch} from "./sampleSite.js";

let site: SampleSite;
beforeAll(async () => {
  site = await openSharedSite("months");
}, 300_000);
afterAll(() => site?.close());

async function visit(path: string, width = 1440): Promise<{page: Page; wrong: string[]}> {
  const page = await site.browser.newPage({viewport: {width, height: 900}});
  const wrong = watch(page, site.url);
  await page.goto(site.url + path);
  await page.waitForFunction(() => document.querySelector("[aria-busy], observablehq-loading") === null);
  return {page, wrong};
}

const openTab = (page: Page): Promise<string | null> =>
  page.locator('[role="tab"][aria-selected="true"]').textContent();

describe("Back and Forward", () => {
  it("lead through the sections of invoices, with the filters that each was left with", async () => {
    const {page, wrong} = await visit("billing?direction=under");
    await page.getByLabel("Search clients").fill("birch");
    const found = () => page.getByRole("status").textContent();
    await expect.poll(found).toMatch(/^\d of 64 clients/);
    const filtered = await found();
    await page.getByRole("tab", {name: /^Flagged services/}).click();
    await page.getByLabel("Search client, service, invoice").fill("acme");
    await page.getByRole("tab", {name: /^Inactive seats/}).click();
    await page.goBack();
    await expect.poll(() => openTab(page)).toMatch(/^Flagged services/);
    await expect.poll(() => page.getByLabel("Search client, service, invoice").inputValue()).toBe("acme");
    await page.goBack();
    await expect.poll(() => openTab(page)).toBe("Reconciled invoices");
    expect(await page.getByLabel("Search clients").inputValue()).toBe("birch");
    expect(await page.getByLabel("Direction").inputValue()).toBe("under");
    await expect.poll(found).toBe(filtered);
    await page.goForward();
    await expect.poll(() => openTab(page)).toMatch(/^Flagged services/);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it("leave the page at once where only filters were typed", async () => {
    const {page} = await visit("");
    await page.getByRole("link", {name: "Billing & Invoices"}).click();
    await page.getByLabel("Search clients").fill("birch");
    await page.getByLabel("Direction").selectOption("Overbilled");
    expect(page.url()).toContain("search=birch&direction=over");
    await page.goBack();
    expect(await page.getByRole("heading", {level: 1}).textContent()).toBe("Overview");
    await page.close();
  });

  it("lead through the tabs of a client by keyboard, and keep the place on the page", async () => {
    const {page, wrong} = await visit("clients/~c1005?tab=services");
    await page.getByText("How 20 was counted · rule R01").click();
    await page.getByRole("tab", {name: /^Services/}).press("Home");
    await expect.poll(() => openTab(page)).toMatch(/^Integrations/);
    const before = await page.evaluate(() => scrollY);
    await page.goBack();
    await expect.poll(() => openTab(page)).toMatch(/^Services/);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("tab-services");
    expect(await page.evaluate(() => scrollY)).toBeCloseTo(before, -2);
    expect(await page.locator("tr.derivation-row").first().isVisible()).toBe(true);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it("lead through currencies, lists of decisions and of rules", async () => {
    const {page} = await visit("");
    await page.getByRole("button", {name: /^EUR/}).click();
    await page.goBack();
    expect(await page.getByRole("button", {name: /^USD/}).getAttribute("aria-pressed")).toBe("true");
    for (const [path, from, to] of [
      ["work", /^Open/, /^Decided/],
      ["mapping/services", /^By integration/, /^By service/],
      ["mapping/clients", /^Unlinked/, /^Linked/],
      ["margin", /^Clients/, /^Products/],
    ] as const) {
      await page.goto(site.url + path);
      await page.getByRole("tab", {name: from}).waitFor();
      await page.getByRole("tab", {name: to}).click();
      await expect.poll(() => openTab(page), {message: path}).toMatch(to);
      await page.goBack();
      await expect.poll(() => openTab(page), {message: path}).toMatch(from);
    }
    await page.close();
  });
});

describe("sync health", () => {
  it("says of every client which connection is not well and why, in the table of invoices and on its page", async () => {
    const {page, wrong} = await visit("billing");
    const data = JSON.parse(await readFile(join(site.folder, "dist", "data", "billing.json"), "utf8"));
    const worst = new Map(
      rowsOf<BillingClient>(data.clients).map(({client_name, worst_health}) => [client_name, worst_health]),
    );
    const shown: [string, string, string][] = [];
    for (const row of await page.locator("tbody tr").all()) {
      const name = (await row.locator("th").textContent()) ?? "";
      const mark = (await row.locator(".health").textContent()) ?? "";
      shown.push([
        name,
        mark.replace(/^\W+/, "").toLowerCase(),
        (await row.locator("[role=tooltip]").last().textContent()) ?? "",
      ]);
    }
    expect(shown.length).toBe(50);
    for (const [name, mark, reasons] of shown) {
      expect(mark, name).toBe(worst.get(name));
      expect(reasons, name).toContain("mail-security: The data is older than 24 hours.");
    }
    const mark = page.locator("tbody").getByRole("button", {name: "Yellow"}).first();
    await mark.hover();
    expect(await page.getByRole("tooltip").filter({visible: true}).textContent()).toContain("mail-security");
    await page.goto(`${site.url}clients/~c1000`);
    await page.getByRole("button", {name: "Yellow"}).focus();
    expect(await page.getByRole("tooltip").filter({visible: true}).textContent()).toContain("mail-security");
    expect(wrong).toEqual([]);
    await page.close();
  });
});

describe("filtered invoices", () => {
  it("count the flags of the services shown, lead to exactly these, and say what is still the whole client’s", async () => {
    const {page, wrong} = await visit("billing");
    const noted = page.locator("thead th").filter({hasText: "whole client"}).getByRole("button");
    expect(await noted.count()).toBe(0);
    await page.getByText("Integration: all").click();
    await page.getByLabel("M365").check();
    await page.getByLabel("Only flagged").check();
    expect(await noted.allTextContents()).toEqual(["Cycle", "Current period", "Coverage"]);
    const link = page.getByRole("link", {name: "10 flags of Brookfield Law & Co"});
    await link.click();
    await page.getByText(/^10 of \d+ flags$/).waitFor();
    expect(await page.locator("tbody tr").count()).toBe(10);
    expect(await page.locator(".chip").allTextContents()).toEqual([
      "Client: Brookfield Law & Co ×",
      expect.stringMatching(/^Service: /),
    ]);
    await page.goto(`${site.url}billing?type=calculated`);
    await page.locator("thead").waitFor();
    expect(await noted.allTextContents()).toEqual(["Seats", "Cycle", "Current period", "Coverage"]);
    expect(wrong).toEqual([]);
    await page.close();
  });
});

describe("the figures of the history", () => {
  const amountIn = (text: string): string => /[\d,]+\.\d\d/.exec(text)?.[0] ?? "";

  it.each(["", "?month=2026-09", "?currency=EUR", "?integration=edr"])(
    "lead at history%s to rows that add up to them",
    async (query) => {
      const {page, wrong} = await visit(`history${query}`);
      const links = page.locator("#changes ~ :is(.figures, .charts) a:not([href*='explore'])");
      const number = await links.count();
      expect(number).toBeGreaterThan(12);
      for (let index = 0; index < number; index++) {
        const link = links.nth(index);
        const name = (await link.getAttribute("aria-label")) ?? (await link.textContent()) ?? "";
        const [, rows] = /^(\d+) rows? of /.exec(name) ?? [];
        const value = await link.evaluate((node) => node.closest(".figure")?.querySelector("dd")?.textContent ?? "");
        const figure = rows === undefined ? name : value;
        // The tables of charts are folded away.
        await link.dispatchEvent("click");
        const panel = page.locator("[role=tabpanel]:not([hidden])");
        expect(amountIn((await panel.locator("tfoot").textContent()) ?? ""), name).toBe(amountIn(figure));
        if (rows !== undefined) expect(await panel.locator("tbody tr").count(), name).toBe(Number(rows));
      }
      expect(wrong).toEqual([]);
      await page.close();
    },
  );

  it("are the months’ own, and going back leads from their rows to what was shown before", async () => {
    const {page} = await visit("history?list=new");
    await page.getByText("As a table").first().click();
    const month = await page
      .getByRole("row", {name: /^Nov 2026/})
      .first()
      .textContent();
    const figures = (await page.locator(".figures").textContent()) ?? "";
    for (const text of ["+$848.80", "−$591.50", "+$257.30"]) {
      expect(month).toContain(text);
      expect(figures).toContain(text);
    }
    await page.getByRole("link", {name: "2 rows of Recovered"}).click();
    await expect.poll(() => openTab(page)).toBe("Recovered (2)");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("tab-recovered");
    await page.goBack();
    await expect.poll(() => openTab(page)).toBe("New (5)");
    await page.getByRole("link", {name: "by service"}).click();
    await page.getByText(/^\d+ rows in /).waitFor();
    expect(await page.locator(".result-head").textContent()).toContain("coverage_amount");
    await page.close();
  });
});

describe("an address that is no page’s", () => {
  const links = (page: Page): Promise<string[]> =>
    page.locator("a[href]").evaluateAll((all) => all.map((link) => (link as HTMLAnchorElement).href));

  async function isStyled(page: Page): Promise<boolean> {
    return page.evaluate(
      () => getComputedStyle(document.querySelector("#observablehq-header") as Element).display === "flex",
    );
  }

  it.each(["nowhere", "a/b/c", "clients/deep/down/", "mapping/nothing.html"])(
    "gives a page of the site at /%s",
    async (path) => {
      const page = await site.browser.newPage();
      const wrong = watch(page, site.url);
      const response = await page.goto(site.url + path);
      expect(response?.status()).toBe(404);
      expect(await page.getByRole("heading", {level: 1}).textContent()).toBe("There is no page at this address");
      expect(await isStyled(page)).toBe(true);
      expect(await findBarriers(page)).toEqual([]);
      for (const link of await links(page)) {
        if (!link.startsWith(`${site.url}${path}#`)) expect((await fetch(link)).status, link).toBe(200);
      }
      // The browser itself remarks upon the status.
      expect(wrong.filter((one) => !/^404: |status of 404/.test(one))).toEqual([]);
      await page.close();
    },
  );

  it("says of an unknown client that these figures know none of this id, and where to look for it", async () => {
    const page = await site.browser.newPage();
    expect((await page.goto(`${site.url}clients/~c9_20x`))?.status()).toBe(404);
    expect(await page.title()).toBe("No page for this client | Trueup");
    expect(await page.locator("#client-page").textContent()).toMatch(
      /as of 23 Nov 2026, 23:59 UTC, know no client with the id C9 x\./,
    );
    await page.getByRole("link", {name: "Look for it among all clients"}).click();
    expect(await page.getByLabel("Search clients").inputValue()).toBe("C9 x");
    await page.close();
  });

  it("gives the same on a host that keeps the site in a folder", async () => {
    const dist = join(site.folder, "dist");
    const serve = sirv(dist, {dev: true, extensions: ["html"]});
    const server = createServer((request, response) => {
      const missing = async (): Promise<void> => {
        response.writeHead(404, {"content-type": "text/html"}).end(await readFile(join(dist, "404.html")));
      };
      if (!request.url?.startsWith("/figures/")) return void missing();
      request.url = request.url.slice("/figures".length);
      serve(request, response, missing);
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}/figures/`;
    const page = await site.browser.newPage();
    await page.goto(`${root}clients/~c9999`);
    await expect.poll(() => isStyled(page)).toBe(true);
    for (const link of await links(page)) expect(link.startsWith(root), link).toBe(true);
    await page.getByRole("link", {name: "Look for it among all clients"}).click();
    expect(page.url()).toBe(`${root}billing?search=C9999`);
    await page.close();
    server.closeAllConnections();
    server.close();
  });
});
