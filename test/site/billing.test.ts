import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {parse} from "csv-parse/sync";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {findBarriers} from "./findBarriers.js";
import {openSharedSite, type SampleSite, sample} from "./sampleSite.js";
import {overflow, untilDrawn, visit} from "./visit.js";

let site: SampleSite;
beforeAll(async () => {
  site = await openSharedSite("months");
}, 300_000);

afterAll(() => site?.close());

describe("Billing & Invoices", () => {
  it("recomputes counts and amounts when it is filtered by type and integration, and keeps that in its address", async () => {
    const {page} = await visit(site, "billing");
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
    const {page} = await visit(site, "billing");
    const header = page.getByRole("columnheader", {name: "Client"});
    expect(await page.getByRole("columnheader", {name: /Absolute/}).getAttribute("aria-sort")).toBe("descending");
    await header.getByRole("button").focus();
    await page.keyboard.press("Enter");
    expect(await page.getByRole("columnheader", {name: /^Client/}).getAttribute("aria-sort")).toBe("ascending");
    expect(await page.locator("tbody th").first().textContent()).toContain("<img src=x");
    await page.close();
  });

  it("keeps the head of a table in sight where the table fits, and lets it scroll where it does not", async () => {
    const {page} = await visit(site, "billing");
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
    const {page, wrong} = await visit(site, "billing?flagged=1", {width: 390});
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
    const {page} = await visit(site, "billing?section=reconciled");
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
    const {page} = await visit(site, "billing");
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
    const {page} = await visit(site, "clients/~c1005", {width: 390});
    await page.locator("details").evaluateAll((all) => {
      for (const details of all as HTMLDetailsElement[]) details.open = true;
    });
    expect(await page.getByText("From the count to the money").first().isVisible()).toBe(true);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.close();
  });

  it("says that a bill is missing, though every quantity agrees", async () => {
    const {page} = await visit(site, "clients/~c1036");
    expect(await page.locator(".verdict").textContent()).toMatch(
      /No discrepancies: 8 services compared.*Wrong with the bills:.*Not invoiced, \$2,581\.50 at stake/s,
    );
    await page.close();
  });

  it("never shows as 0 what has no price", async () => {
    const {page} = await visit(site, "clients/~c1045");
    const figure = (label: string) => page.locator(".figure").filter({hasText: label});
    expect(await figure("Underbilled per month").textContent()).toContain("no price");
    expect(await figure("Overbilled per month").textContent()).toContain("$0.00");
    await page.close();
  });
});

it("leads from the overview of a currency to what is open in it", async () => {
  const {page} = await visit(site, "?currency=EUR");
  await page.getByRole("link", {name: "All 2 open discrepancies"}).click();
  await page.locator(".work tbody").waitFor();
  expect(await page.getByRole("status").first().textContent()).toBe("2 of 37 discrepancies");
  await page.close();
});

describe("Margin", () => {
  it("leads from what is below cost to the services of clients that are, and says where each cost comes from", async () => {
    const {belowCost} = JSON.parse(await readFile(join(sample, "answer-key.json"), "utf8"));
    const {page} = await visit(site, "margin");
    await page.getByRole("link", {name: `${belowCost.length} services of clients`}).click();
    await untilDrawn(page);
    expect(await page.getByRole("tab", {name: "In detail"}).getAttribute("aria-selected")).toBe("true");
    expect(await page.getByRole("status").textContent()).toMatch(new RegExp(`^${belowCost.length} of \\d+ rows$`));
    const row = page.getByRole("row", {name: /Microsoft 365 Copilot/});
    expect(await row.textContent()).toContain("service in the PSA");
    await page.close();
  });

  it("promises no saving before a commitment ends, and exports what it shows", async () => {
    const {page} = await visit(site, "margin?section=unused");
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
    const {page} = await visit(site, "margin");
    await page.getByRole("button", {name: /^EUR/}).click();
    expect(page.url()).toContain("currency=EUR");
    expect(await page.locator(".figures dd").first().textContent()).toBe("unknown");
    expect(await page.getByText("Licences and services of the PSA cost USD.").count()).toBe(1);
    await page.close();
  });
});
