import type {Locator, Page} from "playwright-core";
import {afterAll, beforeAll, expect, it} from "vitest";
import {openSharedSite, type SampleSite, watch} from "./sampleSite.js";

let site: SampleSite;
beforeAll(async () => {
  site = await openSharedSite("months");
}, 300_000);
afterAll(() => site?.close());

async function visit(path: string): Promise<{page: Page; wrong: string[]}> {
  const page = await site.browser.newPage({viewport: {width: 1440, height: 900}});
  const wrong = watch(page, site.url);
  await page.goto(site.url + path);
  await page.locator(".listing tbody").first().waitFor();
  return {page, wrong};
}

/** What the browser puts on paper when it prints, as it stands between its own two events. */
async function printed(page: Page): Promise<{rows: number; text: string}> {
  await page.evaluate(() => {
    window.addEventListener("beforeprint", () => {
      const panel =
        document.querySelector(".listing")?.closest("[role=tabpanel]") ?? document.querySelector(".listing");
      const rows = panel?.querySelectorAll("tbody tr").length;
      document.body.dataset.printed = JSON.stringify({rows, text: panel?.textContent});
    });
  });
  await page.pdf({preferCSSPageSize: true});
  return JSON.parse((await page.locator("body").getAttribute("data-printed")) ?? "null");
}

it.each([
  ["billing", 65, 50],
  ["margin?section=detail", 498, 50],
])("prints every row of %s, and shows its page of them afterwards", async (path, all, shown) => {
  const {page, wrong} = await visit(path);
  const rows = page.locator(".listing tbody tr");
  expect(await rows.count()).toBe(shown);
  expect((await printed(page)).rows).toBe(all);
  expect(await rows.count()).toBe(shown);
  expect(wrong).toEqual([]);
  await page.close();
});

it("prints the filters that a list was narrowed by, and has a head on every sheet", async () => {
  const {page} = await visit("billing?direction=over&type=calculated");
  const {text} = await printed(page);
  expect(text).toContain("Discrepancy type: Calculated · Direction: Overbilled");
  await page.emulateMedia({media: "print"});
  await page.evaluate(() => window.dispatchEvent(new Event("beforeprint")));
  expect(await page.locator(".filters-set").first().isVisible()).toBe(true);
  expect(await page.locator(".listing thead button").count()).toBe(0);
  expect(await page.getByRole("columnheader", {name: "Absolute ↓"}).isVisible()).toBe(true);
  await page.close();
});

it("prints of a client no link that leads nowhere on paper", async () => {
  const {page} = await visit("clients/~c1002");
  const memo = page.getByRole("link", {name: "Credit and bill memo"});
  const changes = page.getByRole("link", {name: "What changed from month to month"});
  expect([await memo.isVisible(), await changes.isVisible()]).toEqual([true, true]);
  await page.emulateMedia({media: "print"});
  expect([await memo.isVisible(), await changes.isVisible()]).toEqual([false, false]);
  await page.close();
});

it.each([
  ["mapping/clients", "Verbena Design Group"],
  ["mapping/services", "Power BI Pro"],
])("prints of /%s what is decided, and nothing to decide with", async (path, told) => {
  const page = await site.browser.newPage({viewport: {width: 1032, height: 700}});
  await page.goto(site.url + path);
  const text = page.locator("main").getByText(told).first();
  await text.waitFor();
  await page.emulateMedia({media: "print"});
  expect(await text.isVisible()).toBe(true);
  const controls = page.locator("main :is(button, input, select, label)").filter({visible: true});
  expect(await controls.allTextContents()).toEqual([]);
  expect(await page.getByText("What the edits would change").isVisible()).toBe(false);
  await page.close();
});

it("prints the headline of the overview in one row, and no chart over two sheets", async () => {
  const page = await site.browser.newPage({viewport: {width: 1032, height: 700}});
  await page.goto(site.url);
  await page.locator(".chart").first().waitFor();
  await page.emulateMedia({media: "print"});
  const tops = await page.locator(".figure").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
  expect(tops.length).toBe(6);
  expect(new Set(tops).size).toBe(1);
  const breaks = await page
    .locator(".chart, .panel")
    .evaluateAll((all) => all.map((one) => getComputedStyle(one).breakInside));
  expect(new Set(breaks)).toEqual(new Set(["avoid"]));
  const pdf = (await page.pdf({preferCSSPageSize: true})).toString("latin1");
  expect([...pdf.matchAll(/\/MediaBox/g)].length).toBe(4);
  await page.close();
});

it("prints tables of a few rows on one sheet, and a long one over as many as it takes", async () => {
  const {page} = await visit("clients/~c1005");
  await page.emulateMedia({media: "print"});
  const breaks = (one: Locator): Promise<string> => one.evaluate((element) => getComputedStyle(element).breakInside);
  expect(await breaks(page.getByRole("region", {name: "as a table"}).filter({hasText: "Nov 2026"}).last())).toBe(
    "avoid",
  );
  expect(await breaks(page.locator(".table-scroll:has(.breakdown)"))).toBe("auto");
  const list = await visit("work");
  await list.page.emulateMedia({media: "print"});
  expect(await breaks(list.page.locator(".table-scroll").first())).toBe("auto");
  await page.close();
  await list.page.close();
});

it("prints the age of a discrepancy on two lines", async () => {
  const {page} = await visit("work");
  await page.emulateMedia({media: "print"});
  const since = page.locator("tbody .since").first();
  const lines = await since.evaluate((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return new Set([...range.getClientRects()].map(({bottom}) => Math.round(bottom))).size;
  });
  expect(lines).toBe(1);
  await page.close();
});

it("prints what a client is billed as a table, also from a printer whose own sheets are upright", async () => {
  const {page} = await visit("clients/~c1005?tab=seats");
  // What Chromium asks the styles of: A4 upright less its own margins, whatever size the styles then give the sheet.
  await page.setViewportSize({width: 718, height: 1000});
  await page.emulateMedia({media: "print"});
  const heads = page.getByRole("region", {name: "Billing services"}).last().getByRole("columnheader");
  expect(await heads.filter({visible: true}).allTextContents()).toContain("Invoiced");
  await page.close();
});
