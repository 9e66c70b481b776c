import {readFile} from "node:fs/promises";
import {tableFromIPC} from "apache-arrow";
import {parse} from "csv-parse/sync";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {findBarriers} from "./findBarriers.js";
import {openSharedSite, type SampleSite} from "./sampleSite.js";
import {cells, grid, opened, status, type, visit} from "./sqlPage.js";

let site: SampleSite;
beforeAll(async () => {
  site = await openSharedSite("present");
}, 300_000);

afterAll(() => site?.close());

describe("what a query gave", () => {
  it("moves through a hundred thousand rows by keyboard and draws a few of them", async () => {
    const {page} = await visit(site, opened("select i as n, i * 2 as twice from range(100000) t(i)"));
    await grid(page).waitFor();
    expect(await grid(page).getAttribute("aria-rowcount")).toBe("100001");
    await grid(page).focus();
    await page.keyboard.press("Control+End");
    const active = async () => {
      const id = await grid(page).getAttribute("aria-activedescendant");
      const cell = page.locator(`[id="${id}"]`);
      const box = await cell.boundingBox();
      const outer = await grid(page).boundingBox();
      expect(box !== null && outer !== null && box.y >= outer.y && box.y + box.height <= outer.y + outer.height).toBe(
        true,
      );
      return cell.textContent();
    };
    expect(await active()).toBe("199998");
    await page.keyboard.press("PageUp");
    expect(Number(await active())).toBeLessThan(199_998);
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    expect(await active()).toBe("2");
    await grid(page).evaluate((node) => node.scrollTo(0, 1_500_000));
    await page.locator("[role=row][aria-rowindex='50002']").waitFor();
    expect(await page.locator("[role=gridcell]").count()).toBeLessThan(200);
    await page.close();
  });

  it("copies the cell that the keyboard is at, also where the browser gives a page no clipboard", async () => {
    const {page} = await visit(site, opened("select 'first' as a, 'second' as b"));
    await page.evaluate(() => Object.defineProperty(navigator, "clipboard", {value: undefined}));
    await grid(page).focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Control+c");
    await page.locator(".cm-content").click();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Control+v");
    expect(await page.locator(".cm-content").textContent()).toBe("second");
    await page.close();
  });

  it("says that there is something to copy, which Safari asks first, but not where anything else has the focus", async () => {
    const {page} = await visit(site, opened("select 'first' as a"));
    const isOffered = () => page.evaluate(() => !document.dispatchEvent(new Event("beforecopy", {cancelable: true})));
    await grid(page).focus();
    expect(await isOffered()).toBe(true);
    await page.locator(".cm-content").click();
    expect(await isOffered()).toBe(false);
    await page.close();
  });

  it("has room for a day", async () => {
    const {page} = await visit(site, opened("select date '2026-11-23' as day"));
    const cell = grid(page).getByRole("gridcell");
    expect(await cell.evaluate(({scrollWidth, clientWidth}) => scrollWidth - clientWidth)).toBe(0);
    await page.close();
  });

  it("downloads every row as CSV with formulas neutralised, and as Arrow with its types", async () => {
    const sql =
      "select client_id, client_name, underbilled_monthly, period_start from clients union all select 'x', '=1+1', null, null order by client_id";
    const {page} = await visit(site, opened(sql));
    await grid(page).waitFor();
    const save = async (name: string) => {
      const [file] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", {name}).click()]);
      return readFile((await file.path()) ?? "");
    };
    const shown = Number(/^\d+/.exec((await status(page).textContent()) ?? "")?.[0]);
    expect(shown).toBeGreaterThan(60);
    const text = (await save("CSV")).toString("utf8");
    expect(text.startsWith("\ufeff")).toBe(true);
    const rows = parse(text, {bom: true, columns: true}) as Record<string, string>[];
    expect(rows).toHaveLength(shown);
    expect(rows.at(-1)).toEqual({client_id: "x", client_name: "'=1+1", underbilled_monthly: "", period_start: ""});
    expect(rows.find(({client_id}) => client_id === "C1005")?.underbilled_monthly).toBe("156.00");
    const table = tableFromIPC(await save("Arrow"));
    expect(table.numRows).toBe(shown);
    expect(table.schema.fields.map(({name, type}) => `${name} ${type}`)).toEqual([
      "client_id Utf8",
      "client_name Utf8",
      "underbilled_monthly Decimal[18e+2]",
      "period_start Date32<DAY>",
    ]);
    expect(table.getChild("client_name")?.get(shown - 1)).toBe("=1+1");
    await page.close();
  });

  it("draws a chart of the rows that can be chosen, and keeps the rows beside it", async () => {
    const {page, wrong} = await visit(
      site,
      opened(
        "select client_name, currency, underbilled_monthly, overbilled_monthly from clients where underbilled_monthly > 40",
      ),
    );
    await grid(page).waitFor();
    await page.getByRole("tab", {name: "Chart"}).click();
    await page.getByRole("img", {name: /^underbilled_monthly by client_name, USD, \d+ points/}).waitFor();
    await page.getByRole("combobox", {name: "Kind"}).selectOption("dot");
    await page.getByRole("combobox", {name: "Along"}).selectOption("overbilled_monthly");
    await page.getByRole("combobox", {name: "Colour"}).selectOption("client_name");
    await page
      .getByRole("img", {name: /^underbilled_monthly by overbilled_monthly, USD, coloured by client_name/})
      .waitFor();
    await page.getByRole("combobox", {name: "Colour"}).selectOption("");
    await page.getByRole("combobox", {name: "Currency"}).selectOption("EUR");
    await page.getByRole("img", {name: /^underbilled_monthly by overbilled_monthly, EUR, 1 point$/}).waitFor();
    expect(await findBarriers(page)).toEqual([]);
    await page.getByRole("tab", {name: "Rows"}).click();
    expect((await cells(page)).length).toBeGreaterThan(3);
    expect(wrong).toEqual([]);
    await page.close();
  });
});

describe("a client page", () => {
  it("explains its figures by rows that add up to them, on the SQL page", async () => {
    const {page} = await visit(site, "clients/~c1005");
    const summary = page.getByText(/^How \d+ was counted · rule R01/);
    const counted = Number(/\d+/.exec((await summary.textContent()) ?? "")?.[0]);
    expect(counted).toBeGreaterThan(10);
    await summary.click();
    const link = page.getByRole("link", {name: /^Explain in SQL: System count of .*Business Premium.*Foxglove/});
    await link.click();
    await grid(page).waitFor();
    const added = await grid(page)
      .locator(".result-body [role=row]")
      .evaluateAll((rows) => rows.length);
    expect(added).toBe(counted);
    await type(
      page,
      `${"select cast(sum(counts) as integer) as total from ("}${await page.evaluate(() => new URLSearchParams(location.hash.slice(1) || location.search).get("sql"))}\n)`,
    );
    await page.keyboard.press("Control+Enter");
    await page.getByRole("columnheader", {name: "total"}).waitFor();
    expect(await cells(page)).toEqual([[String(counted)]]);
    await page.close();
  });

  it.each([1440, 390])("has the figure explained in sight at %i pixels", async (width) => {
    const {page} = await visit(site, "clients/~c1005", {width});
    const explained = page.getByRole("link", {
      name: /^Explain in SQL: (Underbilled|Overbilled|Live billed|System count|Unit rate|Impact)/,
      includeHidden: true,
    });
    await expect.poll(() => explained.count(), {timeout: 10_000}).toBeGreaterThanOrEqual(6);
    const links = await explained.evaluateAll((all) => all.slice(0, 6).map((link) => (link as HTMLAnchorElement).href));
    for (const link of links) {
      await page.goto("about:blank");
      await page.goto(link);
      const [, column] = /The\+column\+(\w+)/.exec(link) ?? [];
      await expect
        .poll(() => status(page).textContent(), {timeout: 30_000})
        .toMatch(new RegExp(`; ${column} (adds up to|is) [\\d.,]+$`));
      const cell = grid(page).locator('.result-body [aria-colindex="2"]').first();
      const {x, y, width: wide, height} = (await cell.boundingBox()) ?? {x: -1, y: -1, width: 0, height: 0};
      expect(Math.min(x, y), link).toBeGreaterThanOrEqual(0);
      expect(x + wide, link).toBeLessThanOrEqual(width);
      expect(y + height, link).toBeLessThanOrEqual(900);
    }
    await page.close();
  });
});
