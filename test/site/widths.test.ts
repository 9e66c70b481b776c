import type {Locator, Page} from "playwright-core";
import {afterAll, beforeAll, expect, it} from "vitest";
import {openSharedSite, type SampleSite} from "./sampleSite.js";

let site: SampleSite;
beforeAll(async () => {
  site = await openSharedSite("present");
}, 300_000);
afterAll(() => site?.close());

async function visit(path: string, width: number): Promise<Page> {
  const page = await site.browser.newPage({viewport: {width, height: 844}});
  await page.goto(site.url + path);
  await page.locator(".table-scroll tbody").first().waitFor();
  return page;
}

/** Tables of which a column lies to the right of what is in sight. */
function cutOff(page: Page): Promise<(string | null)[]> {
  return page
    .locator(".table-scroll:visible")
    .evaluateAll((regions) =>
      regions
        .filter((region) => (region.firstElementChild as HTMLElement).offsetWidth > region.clientWidth)
        .map((region) => region.getAttribute("aria-label")),
    );
}

it.each([
  "billing",
  "billing?section=flagged",
  "billing?section=inactive",
  "work",
  "work?list=decided",
  "margin",
  "clients/~c1061",
])("shows every column of %s on a small laptop", async (path) => {
  const page = await visit(path, 1024);
  expect(await cutOff(page)).toEqual([]);
  await page.close();
});

/** What is drawn where the middle of an element is: itself, unless something lies above it or it is out of sight. */
function isInSight(one: Locator): Promise<boolean> {
  return one.evaluate((element) => {
    const {x, y, width, height} = element.getBoundingClientRect();
    return [x + 1, x + width / 2, x + width - 1].every((across) =>
      element.contains(document.elementFromPoint(across, y + height / 2)),
    );
  });
}

it.each([
  ["work", "tbody td:nth-child(2)", "tbody td.number"],
  ["", ".next li > :first-child", ".next li > :last-child"],
] as const)(
  "has digits of one width in the numbers of /%s, and words as they are written",
  async (path, words, numbers) => {
    const page = await site.browser.newPage({viewport: {width: 1440, height: 844}});
    await page.goto(site.url + path);
    const digits = (selector: string): Promise<string> =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => getComputedStyle(element).fontVariantNumeric);
    expect(await digits(numbers)).toBe("tabular-nums");
    expect(await digits(words)).toBe("normal");
    await page.close();
  },
);

it.each([1440, 390])("moves nothing that stands below a chart once it is drawn, at %i pixels", async (width) => {
  const page = await site.browser.newPage({viewport: {width, height: 844}});
  await page.addInitScript(`
    window.moved = 0;
    new PerformanceObserver((list) => {
      for (const {value} of list.getEntries()) window.moved += value;
    }).observe({type: "layout-shift", buffered: true});
    // The data comes in the middle of a frame, as it does on a busy machine: what waits for the next one is late.
    const read = Response.prototype.json;
    Response.prototype.json = async function () {
      const data = await read.call(this);
      await new Promise((resolve) => requestAnimationFrame(resolve));
      return data;
    };
  `);
  await page.goto(`${site.url}charts`);
  const plots = page.locator(".plot");
  await plots.last().locator("svg").waitFor();
  // What was painted is told of one task later.
  await page.evaluate(() => new Promise((told) => requestAnimationFrame(() => setTimeout(told))));
  const widths = await plots.evaluateAll((all) =>
    all.map((one) => Number(one.firstElementChild?.getAttribute("width")) - one.clientWidth),
  );
  expect(widths.map((more) => Math.abs(more) < 8)).toEqual([true, true]);
  expect(await page.evaluate(() => (window as unknown as {moved: number}).moved)).toBeLessThan(0.01);
  await page.close();
});

it("has the money of a discrepancy and the way to decide about it side by side on a phone", async () => {
  const page = await visit("work", 390);
  const row = page.locator("tbody tr", {hasText: "Meridian"});
  await row.scrollIntoViewIfNeeded();
  expect(await isInSight(row.locator(".over"))).toBe(true);
  expect(await isInSight(row.getByRole("button", {name: /^Decide/}))).toBe(true);
  await page.close();
});

it.each([
  ["integrations", "Connections"],
  ["clients/~c1061", "Integrations of this client"],
])("keeps in sight on a phone, in a table of %s that is scrolled sideways, whose row it is", async (path, table) => {
  const page = await visit(path, 390);
  const region = page.getByRole("region", {name: table});
  const name = region.locator("tbody th").first();
  await name.scrollIntoViewIfNeeded();
  await region.evaluate((element) => element.scrollTo({left: element.scrollWidth}));
  expect(await isInSight(name)).toBe(true);
  await page.close();
});

/** Gives clients, services and products names of 120 characters without a blank. */
async function lengthenNames(page: Page): Promise<void> {
  await page.route(/\/data\/.*json/, async (route) => {
    const response = await route.fetch();
    const text = await response.text();
    const body = text.replace(
      /"(Microsoft 365 Business Premium|Managed endpoint|[^"]* (?:LLC|Ltd|Inc\.|Group|Partners))"/g,
      (_, name: string) => `"${name.replaceAll(" ", "").padEnd(120, "x")}"`,
    );
    await route.fulfill({response, body});
  });
}

it("sets a client's services on paper no smaller for a name without a blank", async () => {
  const page = await site.browser.newPage({viewport: {width: 794, height: 1123}});
  await page.emulateMedia({media: "print"});
  const width = async (): Promise<number> => {
    await page.goto(`${site.url}clients/~c1005`);
    return page
      .locator(".breakdown")
      .first()
      .evaluate((table) => table.scrollWidth);
  };
  const usual = await width();
  await lengthenNames(page);
  // Chromium sets a page as much smaller as its widest table is too wide for the sheet.
  expect(await width()).toBeLessThanOrEqual(usual);
  await page.close();
});

it("gives a service's column of the heat map no more than a share of the sheet for a name without a blank", async () => {
  const page = await site.browser.newPage({viewport: {width: 1032, height: 700}});
  await page.emulateMedia({media: "print"});
  await lengthenNames(page);
  await page.goto(`${site.url}charts`);
  const head = page.locator(".heat-map thead th").filter({hasText: /x{20}/});
  expect(await head.first().evaluate((cell) => cell.getBoundingClientRect().width)).toBeLessThan(300);
  await page.close();
});

it.each(["clients/~c1005", "memo?client=~c1005&show=all", "mapping/clients", "mapping/services", "work", ""])(
  "holds names without a blank within a phone's width at /%s",
  async (path) => {
    const page = await site.browser.newPage({viewport: {width: 390, height: 844}});
    await lengthenNames(page);
    await page.goto(site.url + path);
    await page.locator("main").getByText(/x{20}/).first().waitFor();
    await page.locator("main details").evaluateAll((all) => {
      for (const details of all as HTMLDetailsElement[]) details.open = true;
    });
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await page.close();
  },
);

it("has every page in one line of the head where the pages are magnified to twice their size", async () => {
  const page = await visit("work", 720);
  const tops = await page
    .getByRole("navigation", {name: "Pages", exact: true})
    .getByRole("link")
    .evaluateAll((links) => links.map((link) => link.getBoundingClientRect().top));
  expect(new Set(tops).size).toBe(1);
  await page.close();
});

it("shows on a phone that a table has more to the side, and no longer when that is in sight", async () => {
  const page = await visit("billing?section=flagged", 390);
  // Two covers that move with the table, two shadows that stay at the edges.
  const moving = await page
    .locator(".table-scroll")
    .evaluate((region) => getComputedStyle(region).backgroundAttachment);
  expect(moving).toBe("local, local, scroll, scroll, scroll");
  await page.goto(`${site.url}work`);
  const region = page.locator(".table-scroll");
  await region.waitFor();
  const shadow = () =>
    page
      .locator("tbody .action")
      .first()
      .evaluate((cell) => getComputedStyle(cell, "::before").opacity);
  expect(await shadow()).toBe("1");
  await region.evaluate((element) => element.scrollTo({left: element.scrollWidth}));
  await expect.poll(shadow).toBe("0");
  await page.close();
});

it.each([1440, 390])("says that a decision far down the list is not saved, at %i pixels", async (width) => {
  const page = await visit("work", width);
  await page.getByRole("button", {name: /^Decide about Kestrel/}).click();
  await page.getByLabel("Reason").fill("On the next invoice");
  await page.getByRole("button", {name: "Decide", exact: true}).click();
  const review = page.getByRole("button", {name: "Review and save"});
  await review.waitFor();
  expect(await page.evaluate(() => scrollY)).toBeGreaterThan(300);
  expect(await isInSight(review)).toBe(true);
  await page.close();
});

it("has nothing about saving in sight of the work list before anything is edited", async () => {
  const page = await visit("work", 1440);
  const bar = page.locator(".save-bar");
  expect((await bar.boundingBox())?.height).toBeLessThan(2);
  await page
    .getByRole("button", {name: /^Decide about/})
    .last()
    .click();
  await page.getByLabel("Reason").fill("On the next invoice");
  await page.getByRole("button", {name: "Decide", exact: true}).click();
  await page.getByText("1 unsaved edit").waitFor();
  expect((await bar.boundingBox())?.height).toBeGreaterThan(30);
  await page.close();
});

it("leads from the verdict about a client to the decision", async () => {
  const page = await visit("clients/~c1012", 1440);
  await page.getByRole("button", {name: "Decide about it"}).click();
  const decide = page.locator(".client-decisions").getByRole("button", {name: /^Decide about/});
  expect(await isInSight(decide)).toBe(true);
  await page.keyboard.press("Enter");
  await page.locator("dialog.decide").waitFor();
  await page.close();
});

it.each([1440, 1024, 390])(
  "has the tabs and the downloads of a query beside each other, and its first columns, at %i pixels",
  async (width) => {
    const page = await site.browser.newPage({viewport: {width, height: 844}});
    await page.goto(`${site.url}explore`);
    const result = page.locator(".query-result");
    await result.waitFor();
    const end = (one: Locator): Promise<number> => one.evaluate((element) => element.getBoundingClientRect().right);
    expect(await end(result.getByRole("columnheader", {name: /^currency/}))).toBeLessThan(
      await end(result.getByRole("grid")),
    );
    for (const one of [result.getByRole("tab", {name: "Chart"}), result.getByRole("button", {name: "Arrow"})]) {
      await one.scrollIntoViewIfNeeded();
      expect(await isInSight(one)).toBe(true);
    }
    await page.close();
  },
);
