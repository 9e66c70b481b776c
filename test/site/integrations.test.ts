import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import type {Page} from "playwright-core";
import {afterAll, beforeAll, expect, it} from "vitest";
import {findBarriers} from "./findBarriers.js";
import {openSampleSite, type SampleSite, watch} from "./sampleSite.js";

const hostile = "\u202e<script>document.title='taken'</script>";
let site: SampleSite;

/** Puts copies of a file's first row at its end, each with another id and one other cell. */
async function spoil(path: string, cells: readonly (readonly [column: string, value: string])[]): Promise<void> {
  const text = await readFile(path, "utf8");
  const [header = "", first = ""] = text.split("\n");
  const lines = cells.map(([column, value], index) =>
    first.split(",").with(0, `new-${index}`).with(header.split(",").indexOf(column), value).join(","),
  );
  await writeFile(path, `${text.trimEnd()}\n${lines.join("\n")}\none,two\n`);
}

beforeAll(async () => {
  site = await openSampleSite(async (folder) => {
    const imports = join(folder, "imports");
    await spoil(join(imports, "rmm", "seats.csv"), [
      ["created_at", hostile],
      ["created_at", "9".repeat(500)],
      ...Array.from({length: 6}, (_, index) => ["kind", `tablet ${index}`] as const),
    ]);
    const columns = ["account_id", "product_id", "kind", "status", "created_at", "last_activity_at"];
    const spoilt = columns.map((column) => [column, column.endsWith("_id") ? "" : "odd"] as const);
    await spoil(join(imports, "m365", "seats.csv"), spoilt);
  });
}, 300_000);
afterAll(() => site?.close());

async function visit(
  options: {width?: number; scheme?: "light" | "dark"} = {},
): Promise<{page: Page; wrong: string[]}> {
  const {width = 1440, scheme = "light"} = options;
  const page = await site.browser.newPage({viewport: {width, height: 900}, colorScheme: scheme});
  const wrong = watch(page, site.url);
  await page.goto(`${site.url}integrations`);
  await page.getByRole("heading", {name: "Quarantined rows"}).waitFor();
  return {page, wrong};
}

it("keeps times on one line beside a long error, and every column in sight", async () => {
  const {page} = await visit();
  const table = page.getByRole("region", {name: "Connections"});
  const found = await table.evaluate((region) => {
    const reason = region.querySelector("td small") as HTMLElement;
    reason.textContent =
      "The service answered 502 to GET https://api.vendor.example/v2/accounts?page=17 again. ".repeat(6);
    const lines = [...region.querySelectorAll("tbody td:is(:nth-child(3), :nth-child(4))")].map((cell) => {
      const range = document.createRange();
      range.selectNodeContents(cell);
      return range.getClientRects().length;
    });
    return {lines, beyond: region.scrollWidth - region.clientWidth};
  });
  expect(found).toEqual({lines: found.lines.map(() => 1), beyond: 0});
  await page.close();
});

it("says which rows of a connection were quarantined and why, the most frequent reason first", async () => {
  const {page, wrong} = await visit();
  const table = page.getByRole("region", {name: "Quarantined rows of rmm by reason"});
  const rows = await table
    .locator("tbody tr")
    .evaluateAll((all) => all.map((row) => [...row.children].map(({textContent}) => textContent)));
  expect(rows).toEqual([
    [expect.stringMatching(/^kind in seatsexpected one of user, /), "7", "seats.csv:1147", "laptop"],
    ...[0, 1, 2, 3].map((index) => [`seats.csv:${1160 + index}`, `tablet ${index}`]),
    ["and 2 more rows"],
    [expect.stringMatching(/^created_at in seatsexpected a time /), "2", "seats.csv:1158", hostile],
    ["seats.csv:1159", `${"9".repeat(79)}…`],
    ["whole line in seatsthe line has fewer fields than the header", "1", "seats.csv:1166", ""],
  ]);
  expect(await page.title()).not.toBe("taken");
  expect(wrong).toEqual([]);
  await page.close();
});

it("unfolds many reasons by keyboard, and leads to every row in SQL", async () => {
  const {page, wrong} = await visit();
  const table = page.getByRole("region", {name: "Quarantined rows of m365 by reason"});
  expect(await table.isVisible()).toBe(false);
  await page.locator("summary", {hasText: "m365 7 rows, 7 reasons"}).focus();
  await page.keyboard.press("Enter");
  expect(await table.locator("tbody").count()).toBe(7);
  expect(await table.isVisible()).toBe(true);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  const cell = page.getByRole("gridcell", {name: "the line has fewer fields than the header"});
  await cell.waitFor();
  expect(await page.getByRole("status").first().textContent()).toMatch(/^7 rows in /);
  expect(wrong).toEqual([]);
  await page.close();
});

it("has no barrier and fits in dark on a phone, and prints what is unfolded", async () => {
  const {page, wrong} = await visit({width: 390, scheme: "dark"});
  await page.locator("summary", {hasText: "m365"}).click();
  expect(await findBarriers(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  await page.emulateMedia({media: "print"});
  for (const id of ["m365", "rmm"])
    expect(await page.getByRole("region", {name: `Quarantined rows of ${id} by reason`}).isVisible()).toBe(true);
  expect(wrong).toEqual([]);
  await page.close();
});
