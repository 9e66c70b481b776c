import type {Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openSampleSite, type SampleSite, watch} from "./sampleSite.js";

let site: SampleSite;
beforeAll(async () => {
  site = await openSampleSite();
}, 300_000);
afterAll(() => site?.close());

async function visit(path: string, width = 1440): Promise<{page: Page; wrong: string[]}> {
  const page = await site.browser.newPage({viewport: {width, height: 900}});
  const wrong = watch(page, site.url);
  await page.goto(site.url + path);
  await page.waitForFunction(() => document.querySelector("[aria-busy], observablehq-loading") === null);
  return {page, wrong};
}

const openTab = (page: Page): Promise<string> => page.locator('[role="tab"][aria-selected="true"]').innerText();

describe("Back and Forward", () => {
  it("lead through the sections of invoices, with the filters that each was left with", async () => {
    const {page, wrong} = await visit("billing?direction=under");
    await page.getByLabel("Search clients").fill("birch");
    const filtered = await page.getByRole("status").textContent();
    await page.getByRole("tab", {name: /^Flagged services/}).click();
    await page.getByLabel("Search client, service, invoice").fill("acme");
    await page.getByRole("tab", {name: /^Inactive seats/}).click();
    await page.goBack();
    expect(await openTab(page)).toMatch(/^Flagged services/);
    await expect.poll(() => page.getByLabel("Search client, service, invoice").inputValue()).toBe("acme");
    await page.goBack();
    expect(await openTab(page)).toBe("Reconciled invoices");
    expect(await page.getByLabel("Search clients").inputValue()).toBe("birch");
    expect(await page.getByLabel("Direction").inputValue()).toBe("under");
    expect(await page.getByRole("status").textContent()).toBe(filtered);
    await page.goForward();
    expect(await openTab(page)).toMatch(/^Flagged services/);
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
    expect(await openTab(page)).toMatch(/^Integrations/);
    const before = await page.evaluate(() => scrollY);
    await page.goBack();
    expect(await openTab(page)).toMatch(/^Services/);
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
      ["mapping/clients", /^Unmapped/, /^Mapped/],
      ["margin", /^Clients/, /^Products/],
    ] as const) {
      await page.goto(site.url + path);
      await page.getByRole("tab", {name: from}).waitFor();
      await page.getByRole("tab", {name: to}).click();
      expect(await openTab(page), path).toMatch(to);
      await page.goBack();
      expect(await openTab(page), path).toMatch(from);
    }
    await page.close();
  });
});
