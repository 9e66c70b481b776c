import {readFile} from "node:fs/promises";
import {parse} from "csv-parse/sync";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openSharedSite, type SampleSite} from "./sampleSite.js";
import {untilDrawn, visit} from "./visit.js";

let site: SampleSite;
beforeAll(async () => {
  site = await openSharedSite("months");
}, 300_000);

afterAll(() => site?.close());

describe("History", () => {
  it("leads from last month to this one, and lists what was resolved with its money", async () => {
    const {page} = await visit(site, "history");
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
    const {page} = await visit(site, "history");
    await page.getByRole("combobox", {name: "Service"}).selectOption({label: "Multi-factor Sign-in"});
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
    const {page} = await visit(site, "clients/~c1051");
    const history = page.getByRole("region", {name: "History", exact: true}).first();
    expect(await history.locator("tbody tr").first().textContent()).toMatch(/Nov 2026 still open\s+\+\$81\.00/);
    expect(await page.getByText("fourth month, since Aug 2026").count()).toBe(1);
    await page.close();
  });
});

it("says of a decision of an earlier month whether it was invoiced, as the closed months tell", async () => {
  const {page, wrong} = await visit(site, "work?list=gone");
  const row = page.locator("tbody tr", {hasText: "Quarry Law"});
  expect(await row.textContent()).toContain(
    "Less is billed. Expected 21, billed 26 → 21. Credited 65.00 USD.in Oct 2026",
  );
  expect(await page.locator("tbody tr").count()).toBe(1);
  expect(wrong).toEqual([]);
  await page.close();
});
