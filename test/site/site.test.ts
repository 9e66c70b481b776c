import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import {parse} from "csv-parse/sync";
import type {Browser, Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {closeMonths} from "../../data/sample/closeMonths.js";
import {findBarriers} from "./findBarriers.js";
import {openSampleSite, type SampleSite, sample, watch} from "./sampleSite.js";

let site: SampleSite;
let folder: string;
let url: string;
let browser: Browser;

beforeAll(async () => {
  site = await openSampleSite(closeMonths);
  ({folder, url, browser} = site);
}, 300_000);

afterAll(() => site?.close());

/** Blocks are empty until their script has run, so that nothing being busy does not mean that anything was drawn. */
async function untilDrawn(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector("[aria-busy], observablehq-loading") === null &&
      [...document.querySelectorAll(".observablehq--block")].every((block) => block.childElementCount > 0),
  );
}

/** Opens a page and collects everything that went wrong on it. */
async function visit(path: string, options: {width?: number; scheme?: "light" | "dark"} = {}) {
  const {width = 1440, scheme = "light"} = options;
  const page = await browser.newPage({viewport: {width, height: 900}, colorScheme: scheme});
  const wrong = watch(page, url);
  await page.goto(url + path, {waitUntil: "load"});
  await untilDrawn(page);
  for (const alert of await page.locator("[role=alert], .observablehq--error").allTextContents())
    wrong.push(`shown: ${alert}`);
  return {page, wrong};
}

/** By how many pixels a page is wider than its window. */
function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}

async function pages(): Promise<string[]> {
  const files = await readdir(join(folder, "dist"), {recursive: true});
  return files
    .filter((file) => file.endsWith(".html"))
    .map((file) => file.replace(/\.html$/, ""))
    .sort();
}

describe("every built page", () => {
  it("opens without an error, a dead link or a request to anybody else", async () => {
    const list = await pages();
    expect(list.length).toBeGreaterThan(64);
    const links = new Set<string>();
    const reached = new Set<string>();
    for (const path of list) {
      const {page, wrong} = await visit(path);
      expect(wrong, path).toEqual([]);
      expect(await page.locator("h1").count(), path).toBe(1);
      expect(await overflow(page), path).toBeLessThanOrEqual(0);
      expect(await findBarriers(page), path).toEqual([]);
      const found = await page
        .locator("a[href]")
        .evaluateAll((anchors) =>
          anchors.map((anchor) => (anchor as HTMLAnchorElement).href || anchor.getAttribute("href") || ""),
        );
      // A long query stands where other addresses name a place.
      for (const link of found) links.add(link.replace(/\?[^#]*/, "").replace(/#sql=.*/, ""));
      for (const link of found.map((address) => address.replace(/[?#].*/, "")))
        if (link !== url + path) reached.add(link);
      await page.close();
    }
    for (const link of links) {
      if (!link.startsWith(url)) continue;
      const [address = "", place] = link.split("#");
      const response = await fetch(address);
      expect(response.status, link).toBe(200);
      if (place) expect(await response.text(), link).toContain(`id="${place}"`);
    }
    expect(list.filter((path) => !/^(404|index)$/.test(path) && !reached.has(url + path))).toEqual([]);
  }, 480_000);

  const kinds = [
    "index",
    "charts",
    "billing",
    "margin",
    "margin?section=detail",
    "margin?section=unused",
    "work",
    "memo",
    "clients/~c1005",
    "clients/~c1007",
    "history",
    "integrations",
    "mapping",
    "mapping/clients",
    "mapping/services",
    "explore",
    "guide",
  ];
  it("is one of those that are tried in the dark, on a phone and for what they ask for", async () => {
    const missed = (await pages()).filter((path) => !/^(404$|clients\/)/.test(path) && !kinds.includes(path));
    expect(missed).toEqual([]);
  });
  const sections = kinds.filter((path) => path.includes("?"));
  it.each([
    ...kinds.map((path) => [path, "dark", 390] as const),
    // The pages themselves were opened so above.
    ...sections.map((path) => [path, "light", 1440] as const),
  ])("%s has no barrier in %s at %i pixels", async (path, scheme, width) => {
    const {page, wrong} = await visit(path, {scheme, width});
    expect(wrong).toEqual([]);
    expect(await findBarriers(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.close();
  });

  it.each(kinds)("%s asks for few files, for code that it needs, and for its data without waiting", async (path) => {
    const page = await browser.newPage();
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.addInitScript(`
      globalThis.fetched = [];
      const get = fetch;
      globalThis.fetch = (address, ...rest) => { fetched.push(String(address)); return get(address, ...rest); };
    `);
    await page.goto(url + path, {waitUntil: "networkidle"});
    const files = [...new Set(requests.map((address) => new URL(address).pathname.slice(1)))];
    expect(files.length, files.join("\n")).toBeLessThanOrEqual(15);

    const scripts = files.filter((file) => file.startsWith("_import/") && file.endsWith(".js"));
    const code = (await Promise.all(scripts.map((file) => readFile(join(folder, "dist", file), "utf8")))).join();
    expect(files.some((file) => file.startsWith("_duckdb/"))).toBe(path === "explore");
    expect(code.includes("cm-editor"), "CodeMirror").toBe(path === "explore");
    expect(code.includes("ZodError"), "Zod").toBe(false);

    const ahead = await page
      .locator("link[rel=preload][as=fetch]")
      .evaluateAll((links) => links.map((link) => (link as HTMLLinkElement).href));
    // What a memo needs follows from its address.
    expect(ahead.length > 0).toBe(path !== "memo");
    expect(((await page.evaluate("fetched")) as string[]).slice(0, ahead.length)).toEqual(ahead);
    expect(requests.filter((address) => ahead.includes(address))).toHaveLength(ahead.length);
    await page.close();
  });
});

describe("History", () => {
  it("leads from last month to this one, and lists what was resolved with its money", async () => {
    const {page} = await visit("history");
    expect(await page.locator(".figures").textContent()).toMatch(/Recovered per month\s+\$54\.00/);
    expect(await page.getByRole("tab", {name: "Resolved (3)"}).getAttribute("aria-selected")).toBe("true");
    const credited = page.getByRole("row", {name: /Elmstead Motors LLC/});
    expect(await credited.textContent()).toContain("Less is billed. Expected 6, billed 12 → 6. Credited 36.00 USD.");
    expect(await credited.textContent()).toContain("−$18.00$18.00$36.00 credited once");
    const underbilled = page.getByRole("region", {name: /^Underbilled from Oct 2026 to Nov 2026/, includeHidden: true});
    const steps = await underbilled.locator("tbody tr").allTextContents();
    expect(steps.map((step) => step.trim())).toEqual([
      "Oct 2026$803.00",
      "New+$116.80",
      "Changed quantity−$26.00",
      "Changed price+$3.00",
      "Resolved−$40.00",
      "Not compared now−$8.00",
      "Nov 2026$848.80",
    ]);
    await page.close();
  });

  it("is filtered by service and month, keeps that in its address, and is used by keyboard", async () => {
    const {page} = await visit("history");
    await page.getByLabel("Service").selectOption({label: "Multi-factor Sign-in"});
    await page.getByLabel("Changes to").selectOption({label: "Oct 2026"});
    await page.getByRole("heading", {name: "What changed from Sep 2026 to Oct 2026"}).waitFor();
    expect(page.url()).toContain("service=service%3AS-MFA&month=2026-10");
    await page.getByRole("tab", {name: /^Resolved/}).focus();
    await page.keyboard.press("ArrowRight");
    await page.getByRole("tab", {name: "New (1)"}).waitFor();
    const row = await page.getByRole("tabpanel").locator("tbody tr").textContent();
    expect(row).toContain("first monthsince Oct 2026; before that in Jul 2026");
    await page.reload();
    await untilDrawn(page);
    expect(await page.getByRole("tab", {name: "New (1)"}).getAttribute("aria-selected")).toBe("true");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", {name: "Export CSV"}).click(),
    ]);
    const rows = parse(await readFile((await file.path()) ?? "", "utf8"), {bom: true, columns: true});
    expect(rows).toMatchObject([{change_kind: "new", reason: "usage", impact_monthly: "6.00", months_open: "1"}]);
    await page.close();
  });

  it("stands on a client's page as well", async () => {
    const {page} = await visit("clients/~c1051");
    const history = page.getByRole("region", {name: "History", exact: true}).first();
    expect(await history.locator("tbody tr").first().textContent()).toMatch(/Nov 2026 still open\s+\+\$81\.00/);
    expect(await page.getByText("fourth month, since Aug 2026").count()).toBe(1);
    await page.close();
  });
});

describe("Billing & Invoices", () => {
  it("recomputes counts and amounts when it is filtered by type and integration, and keeps that in its address", async () => {
    const {page} = await visit("billing");
    await page.getByText("Discrepancy type: all").click();
    await page.getByLabel("Unaccounted").check();
    expect(await page.getByRole("status").first().textContent()).toBe("2 of 64 clients");
    expect(page.url()).toContain("type=unaccounted");
    await page.getByText("Integration: all").click();
    await page.getByLabel("Rmm").check();
    expect(await page.getByRole("status").first().textContent()).toBe("0 of 64 clients");
    await page.getByLabel("M365").check();
    const total = page.locator("tfoot td").nth(3);
    expect(await total.textContent()).toContain("+$65.80");
    await page.reload();
    await untilDrawn(page);
    expect(await page.getByRole("status").first().textContent()).toBe("2 of 64 clients");
    await page.close();
  });

  it("sorts by a header with the keyboard and says so", async () => {
    const {page} = await visit("billing");
    const header = page.getByRole("columnheader", {name: "Client"});
    expect(await page.getByRole("columnheader", {name: /Absolute/}).getAttribute("aria-sort")).toBe("descending");
    await header.getByRole("button").focus();
    await page.keyboard.press("Enter");
    expect(await page.getByRole("columnheader", {name: /^Client/}).getAttribute("aria-sort")).toBe("ascending");
    expect(await page.locator("tbody th").first().textContent()).toContain("<img src=x");
    await page.close();
  });

  it("keeps the head of a table in sight where the table fits, and lets it scroll where it does not", async () => {
    const {page} = await visit("billing");
    const head = page.getByRole("columnheader", {name: "Coverage"});
    const table = page.locator(".table-scroll").first();
    await page.locator("tbody tr").nth(40).scrollIntoViewIfNeeded();
    expect((await head.boundingBox())?.y).toBe(0);
    await page.setViewportSize({width: 900, height: 900});
    await expect.poll(() => table.evaluate((region) => getComputedStyle(region).overflowX)).toBe("auto");
    await head.scrollIntoViewIfNeeded();
    expect(await table.evaluate((region) => region.scrollLeft)).toBeGreaterThan(0);
    await page.close();
  });

  it("has the money in sight on a phone, and its filters when they are asked for", async () => {
    const {page, wrong} = await visit("billing?flagged=1", {width: 390});
    const direction = page.getByLabel("Direction");
    const overbilled = await page.getByRole("columnheader", {name: "Overbilled"}).boundingBox();
    expect((overbilled?.x ?? 0) + (overbilled?.width ?? Number.POSITIVE_INFINITY)).toBeLessThanOrEqual(390);
    expect(await direction.isVisible()).toBe(false);
    await page.getByRole("button", {name: "More filters (1 set)"}).click();
    await direction.selectOption("Overbilled");
    expect(page.url()).toContain("direction=over");
    expect(await page.getByRole("button", {name: "More filters (2 set)"}).getAttribute("aria-expanded")).toBe("true");
    await page.getByText("Discrepancy type: all").click();
    const choices = await page.locator("details[open] fieldset").boundingBox();
    expect(choices?.x).toBeGreaterThanOrEqual(0);
    expect((choices?.x ?? 0) + (choices?.width ?? Number.POSITIVE_INFINITY)).toBeLessThanOrEqual(390);
    expect(await findBarriers(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it("exports every filtered row, formulas neutralised", async () => {
    const {page} = await visit("billing?section=reconciled");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", {name: "Export CSV"}).first().click(),
    ]);
    const rows = parse(await readFile((await file.path()) ?? "", "utf8"), {bom: true, columns: true}) as Record<
      string,
      string
    >[];
    // One of the 64 clients is billed in two currencies.
    expect(rows).toHaveLength(65);
    expect(rows.map((row) => row.client_name)).toContain("'=cmd|' /C calc'!A0");
    expect(file.suggestedFilename()).toBe("reconciled-invoices-northwind-it-2026-11-23.csv");
    expect(rows.find(({client_id}) => client_id === "C1005")).toMatchObject({
      currency: "EUR",
      underbilled_impact_monthly: "156.00",
      overbilled_impact_monthly: "-36.00",
      net_impact_monthly: "120.00",
      absolute_impact_monthly: "192.00",
      period_start: "2026-11-01",
      period_last_day: "2026-11-30",
    });
    // What has no price is nothing to add up, and no 0.
    expect(rows.find(({client_id}) => client_id === "C1045")).toMatchObject({
      underbilled_impact_monthly: "",
      overbilled_impact_monthly: "0.00",
      net_impact_monthly: "",
    });
    await page.close();
  });

  it("leads to a client page that says how a figure came about", async () => {
    const {page} = await visit("billing");
    await page.getByRole("link", {name: "Foxglove Foods Inc."}).click();
    await page.getByRole("heading", {level: 1, name: "Foxglove Foods Inc."}).waitFor();
    await page.getByText("How 20 was counted · rule R01").click();
    expect(await page.locator("tr.derivation-row").first().textContent()).toContain(
      "Rule R01 counts seats of Microsoft 365 Business Premium in m365: any kind; status active.",
    );
    await page.getByRole("tab", {name: "Integrations"}).focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.getByRole("tab", {name: "Seats"}).getAttribute("aria-selected")).toBe("true");
    await page.getByText("80 of 80 seats").waitFor();
    await page.keyboard.press("ArrowRight");
    expect(await page.getByRole("tabpanel", {name: "Services"}).textContent()).toContain("INV-005-11");
    await page.close();
  });
});

describe("A client's page", () => {
  it("shows how every figure came about within a phone's width", async () => {
    const {page} = await visit("clients/~c1005", {width: 390});
    await page.locator("details").evaluateAll((all) => {
      for (const details of all as HTMLDetailsElement[]) details.open = true;
    });
    expect(await page.getByText("From the count to the money").first().isVisible()).toBe(true);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.close();
  });

  it("says that a bill is missing, though every quantity agrees", async () => {
    const {page} = await visit("clients/~c1036");
    expect(await page.locator(".verdict").textContent()).toMatch(
      /No discrepancies: 8 services compared.*Wrong with the bills:.*Not invoiced, \$2,581\.50 at stake/s,
    );
    await page.close();
  });

  it("never shows as 0 what has no price", async () => {
    const {page} = await visit("clients/~c1045");
    const figure = (label: string) => page.locator(".figure").filter({hasText: label});
    expect(await figure("Underbilled per month").textContent()).toContain("no price");
    expect(await figure("Overbilled per month").textContent()).toContain("$0.00");
    await page.close();
  });
});

it("says of a decision of an earlier month whether it was invoiced, as the closed months tell", async () => {
  const {page, wrong} = await visit("work?list=gone");
  const row = page.locator("tbody tr", {hasText: "Quarry Law"});
  expect(await row.textContent()).toContain(
    "Less is billed. Expected 21, billed 26 → 21. Credited 65.00 USD.in Oct 2026",
  );
  expect(await page.locator("tbody tr").count()).toBe(1);
  expect(wrong).toEqual([]);
  await page.close();
});

it("leads from the overview of a currency to what is open in it", async () => {
  const {page} = await visit("?currency=EUR");
  await page.getByRole("link", {name: "All 2 open discrepancies"}).click();
  await page.locator(".work tbody").waitFor();
  expect(await page.getByRole("status").first().textContent()).toBe("2 of 37 discrepancies");
  await page.close();
});

describe("Margin", () => {
  it("leads from what is below cost to the services of clients that are, and says where each cost comes from", async () => {
    const {belowCost} = JSON.parse(await readFile(join(sample, "answer-key.json"), "utf8"));
    const {page} = await visit("margin");
    await page.getByRole("link", {name: `${belowCost.length} services of clients`}).click();
    await untilDrawn(page);
    expect(await page.getByRole("tab", {name: "In detail"}).getAttribute("aria-selected")).toBe("true");
    expect(await page.getByRole("status").textContent()).toMatch(new RegExp(`^${belowCost.length} of \\d+ rows$`));
    const row = page.getByRole("row", {name: /Microsoft 365 Copilot/});
    expect(await row.textContent()).toContain("service in the PSA");
    await page.close();
  });

  it("promises no saving before a commitment ends, and exports what it shows", async () => {
    const {page} = await visit("margin?section=unused");
    const cells = await page
      .getByRole("row", {name: /Upland Foods Group.*Premium/})
      .locator("th, td")
      .allTextContents();
    expect(cells.slice(2)).toEqual(["83", "79", "78", "4", "$83.60", "5", "$104.50", "until 28 Feb 2027"]);
    await page.getByText("Commitment: all").click();
    await page.getByLabel("Committed").check();
    expect(await page.getByRole("status").textContent()).toBe("2 of 4 licences");
    const [file] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", {name: "Export CSV"}).click(),
    ]);
    const rows = parse(await readFile((await file.path()) ?? "", "utf8"), {bom: true, columns: true}) as Record<
      string,
      string
    >[];
    expect(rows.map((row) => [row.product_name, row.unassigned_monthly, row.commitment_last_day])).toEqual([
      ["Microsoft 365 Business Premium", "83.60", "2027-02-28"],
      ["Azure Plan", "", "2027-02-28"],
    ]);
    await page.close();
  });

  it("says of another currency that its costs are not known, and never adds the two", async () => {
    const {page} = await visit("margin");
    await page.getByRole("button", {name: /^EUR/}).click();
    expect(page.url()).toContain("currency=EUR");
    expect(await page.locator(".figures dd").first().textContent()).toBe("unknown");
    expect(await page.getByText("Licences and services of the PSA cost USD.").count()).toBe(1);
    await page.close();
  });
});

describe("Guide", () => {
  it("asks again for what could not be loaded, and says so once at each of its tables", async () => {
    const page = await site.browser.newPage();
    let isDown = true;
    await page.route(/data\/guide.*json/, (route) => (isDown ? route.fulfill({status: 500}) : route.continue()));
    await page.goto(`${site.url}guide`);
    const again = page.getByRole("button", {name: "Try again"});
    await expect.poll(() => again.count()).toBe(3);
    expect(await page.locator(".observablehq--error").count()).toBe(0);
    isDown = false;
    await again.last().click();
    await page.getByRole("columnheader", {name: "Meaning"}).last().waitFor();
    await expect.poll(() => again.count()).toBe(2);
    await page.close();
  });

  it("lists its sections beside them, and leads to each", async () => {
    const {page} = await visit("guide");
    const list = page.getByRole("complementary");
    expect(await list.getByRole("link").count()).toBe(await page.locator("main h2").count());
    await list.getByRole("link", {name: "Flags"}).click();
    expect(page.url()).toMatch(/#flags$/);
    await expect.poll(async () => (await page.getByRole("heading", {name: "Flags"}).boundingBox())?.y).toBeLessThan(60);
    expect((await list.boundingBox())?.y).toBe(0);
    await page.close();
  });
});

it("says so where the scripts of a page do not come, and nothing while they are on their way", async () => {
  const page = await site.browser.newPage();
  await page.route(/_import\/.*\.js/, (route) => route.fulfill({status: 404}));
  await page.goto(`${site.url}work`);
  const said = await page.locator(".observablehq--block").evaluate((block) => {
    const {content, opacity, animationDelay} = getComputedStyle(block, "::before");
    return {content, opacity, animationDelay};
  });
  expect(said).toEqual({
    content: expect.stringContaining("The scripts of this page have not come. Reload the page"),
    opacity: "0",
    animationDelay: "10s",
  });
  await page.close();
});

describe("Charts", () => {
  it("lead by keyboard from a bar and from a cell to the table filtered accordingly", async () => {
    const {page} = await visit("charts");
    await page.getByRole("link", {name: /^Meridian Engineering LLC: /}).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText("1 of 64 clients").waitFor();
    await page.goBack();
    await untilDrawn(page);
    await page
      .getByRole("region", {name: /^Impact by client and service/})
      .getByRole("link")
      .first()
      .focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", {name: /^Remove the filter Service/}).waitFor();
    expect(new URL(page.url()).searchParams.get("client")).not.toBeNull();
    await page.close();
  });
});
