import {readFile} from "node:fs/promises";
import {createServer, type IncomingMessage, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {join} from "node:path";
import {tableFromIPC} from "apache-arrow";
import {parse} from "csv-parse/sync";
import type {Browser, Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {exampleQueries} from "../../loaders/site/exampleQueries.js";
import {findBarriers} from "./findBarriers.js";
import {openSampleSite, type SampleSite} from "./sampleSite.js";

let site: SampleSite;
let server: Server;
let url: string;
let browser: Browser;

beforeAll(async () => {
  site = await openSampleSite();
  ({server, url, browser} = site);
}, 300_000);

afterAll(() => site?.close());

interface Visit {
  readonly page: Page;
  /** Errors of the page and requests to anybody else. What DuckDB prints about a failed query is not one. */
  readonly wrong: string[];
}

async function visit(path: string, options: {width?: number; scheme?: "light" | "dark"} = {}): Promise<Visit> {
  const {width = 1440, scheme = "light"} = options;
  const page = await browser.newPage({viewport: {width, height: 900}, colorScheme: scheme});
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (/Content.Security.Policy|Refused/i.test(message.text())) wrong.push(`policy: ${message.text()}`);
  });
  page.context().on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(url)) wrong.push(`foreign: ${request.url()}`);
  });
  await page.goto(url + path, {waitUntil: "load"});
  return {page, wrong};
}

const opened = (sql: string): string => `explore?${new URLSearchParams({sql})}`;
const grid = (page: Page) => page.getByRole("grid");
const status = (page: Page) => page.locator(".run-status");

async function cells(page: Page): Promise<string[][]> {
  await grid(page).waitFor();
  return grid(page)
    .locator(".result-body [role=row]")
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll("[role=gridcell]")].map((cell) => cell.textContent ?? "")),
    );
}

async function type(page: Page, sql: string): Promise<void> {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(sql);
}

it.each([
  ["the database itself", /duckdb-eh\.wasm/],
  ["its worker", /worker\.js/],
])("says that DuckDB could not be started where the site lacks %s, and does not go on starting it", async (_, file) => {
  const page = await browser.newPage();
  await page.route(file, (route) => route.fulfill({status: 404}));
  await page.goto(`${url}explore`);
  await page
    .getByRole("alert")
    .getByText(/^DuckDB could not be started: Its program .*Run tries again\.$/)
    .waitFor();
  expect(await status(page).textContent()).not.toContain("Starting");
  await page.close();
});

describe("the SQL page", () => {
  it("runs the first example by itself, and every other one, from the site's own files only", async () => {
    const {page, wrong} = await visit("explore");
    await grid(page).waitFor();
    expect((await cells(page))[0]).toEqual(["Foxglove Foods Inc.", "EUR", "156.00", "36.00", "2", "0"]);
    for (const {title, returns} of await exampleQueries()) {
      await page.getByRole("button", {name: title}).first().click();
      await page.waitForFunction(
        (names) =>
          [...document.querySelectorAll(".answer:not(.outdated) [role=columnheader]")]
            .map((head) => head.firstChild?.textContent ?? "")
            .join() === names,
        ["Row", ...returns].join(),
      );
      expect(await status(page).textContent(), title).toMatch(/^[1-9][\d,]* rows? in /);
      expect(await page.getByRole("alert").count(), title).toBe(0);
    }
    expect(wrong).toEqual([]);
    await page.close();
  });

  it("completes a column and runs with a keystroke, and shows decimals, big integers, times and nulls exactly", async () => {
    const {page} = await visit(opened("select 1 as one"));
    await grid(page).waitFor();
    await type(page, "select currency, unde");
    await page.keyboard.type("r");
    const option = page.getByRole("option", {name: /^underbilled_monthly/});
    await option.waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    // The list takes no key until it has stood for a moment, and may be renewed once more until then.
    await page.waitForTimeout(1000);
    await page.keyboard.press("Enter");
    expect(await page.locator(".cm-content").textContent()).toContain("select currency, underbilled_monthly");
    await page.keyboard.insertText(" from summary where currency = 'EUR'");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("columnheader", {name: "underbilled_monthly"}).waitFor();
    expect(await cells(page)).toEqual([["EUR", "156.00"]]);
    await type(
      page,
      `select 12345678901234567.89::decimal(19,2) as a, -0.000001::decimal(18,6) as b, 9007199254740993::bigint as c,
         170141183460469231731687303715884105727::hugeint as d, timestamptz '2026-01-02 03:04:05.123456+00' as e, date '2026-02-28' as f, null::varchar as g,
         'null' as h, true as i, [1.10::decimal(9,2), null] as j, interval '1 month 2 days' as k
       from summary where currency = 'USD'`,
    );
    await page.keyboard.press("Control+Enter");
    await page.getByRole("columnheader", {name: "HUGEINT"}).waitFor();
    expect(await cells(page)).toEqual([
      [
        "12345678901234567.89",
        "-0.000001",
        "9007199254740993",
        "170141183460469231731687303715884105727",
        "2026-01-02 03:04:05.123456Z",
        "2026-02-28",
        "null",
        "null",
        "true",
        "[1.10, null]",
        "1 month 2 days",
      ],
    ]);
    const isNull = await grid(page)
      .locator("[role=gridcell]")
      .evaluateAll((found) => found.map((cell) => cell.classList.contains("null")));
    expect(isNull).toEqual([false, false, false, false, false, false, true, false, false, false, false]);
    await page.close();
  });

  it("says where an error is, marks it, and takes the mark away when the query is mended", async () => {
    const {page, wrong} = await visit("explore");
    await grid(page).waitFor();
    await type(page, "select 'é',\n  client_nme\nfrom clients");
    await page.keyboard.press("Control+Enter");
    const alert = page.getByRole("alert");
    await alert.waitFor();
    expect(await alert.textContent()).toContain("Line 2, column 3");
    expect(await alert.textContent()).toContain('Binder error: Referenced column "client_nme" not found');
    expect(await page.locator(".sql-error").textContent()).toBe("client_nme");
    expect(await page.locator(".sql-error-line").textContent()).toBe("  client_nme");
    await page.keyboard.insertText("client_name, ");
    expect(await page.locator(".sql-error").count()).toBe(0);
    expect(await findBarriers(page)).toEqual([]);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it("cancels a long query and goes on working", async () => {
    const {page} = await visit("explore");
    await grid(page).waitFor();
    await type(page, "select count(*) as n from range(100000000) a(i), range(100000) b(j) where (i * j) % 7 = 3");
    await page.keyboard.press("Control+Enter");
    await page.waitForTimeout(500);
    await page.getByRole("button", {name: "Cancel"}).click();
    await status(page).getByText("Cancelled.").waitFor({timeout: 10_000});
    await type(page, "select 41 + 1 as answer");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("columnheader", {name: "answer"}).waitFor();
    expect(await cells(page)).toEqual([["42"]]);
    await page.close();
  });

  it("reads of a large database only the parts that a query needs", async () => {
    const ranges: string[] = [];
    const listen = (request: IncomingMessage): void => {
      if (request.url?.includes("trueup.duckdb")) ranges.push(`${request.method} ${request.headers.range ?? "whole"}`);
    };
    server.on("request", listen);
    const page = await browser.newPage();
    let asked = 0;
    await page.route(/trueup\.duckdb/, (route) => {
      asked += 1;
      return asked === 1 ? route.fulfill({status: 206, headers: {"content-length": "900000000"}}) : route.continue();
    });
    await page.goto(url + opened("select count(*) as clients from clients"));
    await page.getByRole("columnheader", {name: "clients"}).waitFor();
    expect(await cells(page)).toEqual([["65"]]);
    server.off("request", listen);
    expect(ranges.length).toBeGreaterThan(2);
    expect(ranges, ranges.join()).not.toContain("GET whole");
    await page.close();
  });

  it("reaches no other address for a query, also where it came with a link", async () => {
    const asked: string[] = [];
    const other = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.setHeader("access-control-allow-origin", "*");
      response.end("name\nsomebody\n");
    });
    await new Promise<void>((done) => other.listen(0, "127.0.0.1", done));
    const away = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    for (const sql of [
      `set variable away = (select '${away}/?' || min(client_name) from clients); from read_csv(getvariable('away'))`,
      `copy (select client_name from clients) to '${away}/clients.csv'`,
      `attach '${away}/some.duckdb' as other`,
      `set custom_extension_repository = '${away}'; install icu; load icu`,
      `set enable_external_access = true; from read_csv('${away}/a.csv')`,
    ]) {
      const {page, wrong} = await visit(opened(sql));
      await page.getByRole("alert").waitFor();
      expect(await page.getByRole("alert").textContent(), sql).toMatch(/disabled|Cannot change enable_external_access/);
      expect([...wrong, ...asked], sql).toEqual([]);
      await page.close();
    }
    other.close();
  });

  it("starts DuckDB anew where it broke down", async () => {
    const {page} = await visit(opened("set max_expression_depth = 100000"));
    await status(page)
      .getByText(/rows? in/)
      .waitFor();
    await type(page, `select ${"1 + ".repeat(5000)} 1`);
    await page.keyboard.press("Control+Enter");
    await page.getByRole("alert").getByText("DuckDB broke down").waitFor();
    await type(page, "select date_trunc('month', max(as_of)) as month from summary");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("columnheader", {name: "month"}).waitFor();
    expect(await cells(page)).toEqual([["2026-11-01"]]);
    await page.close();
  });

  it("says in plain words what it lacks for time zones", async () => {
    const {page, wrong} = await visit(opened("select date_trunc('month', now()) as month"));
    await page
      .getByRole("alert")
      .getByText("This needs DuckDB’s extension icu, which the site does not have.")
      .waitFor();
    expect(wrong).toEqual([]);
    await page.close();
  });

  it("says in plain words which column it cannot read: DuckDB streams an ENUM without its values", async () => {
    const {page, wrong} = await visit(
      opened("select [severity::enum('error', 'warning', 'info')] as how_bad from flagged_services"),
    );
    const remedy = "The values of an ENUM do not come through to the browser: write how_bad as text, with ::varchar.";
    await page.getByRole("alert").getByText(remedy).waitFor();
    await type(
      page,
      "select severity from flagged_services order by severity::enum('warning', 'error', 'info') limit 1",
    );
    await page.keyboard.press("Control+Enter");
    await page.getByRole("columnheader", {name: "severity"}).waitFor();
    expect(await cells(page)).toEqual([["warning"]]);
    expect(wrong).toEqual([]);
    await page.close();
  });

  it("says in plain words that the tables cannot be opened", async () => {
    const page = await browser.newPage();
    await page.route(/trueup\.duckdb/, (route) => route.fulfill({body: "no database ".repeat(2000)}));
    await page.goto(url + opened("select 1"));
    const text = await page.getByRole("alert").textContent();
    expect(text).toContain("DuckDB could not be started: ");
    expect(text).toContain("not a valid DuckDB database file");
    expect(text).not.toContain("exception_");
    await page.close();
  });

  it.each([
    ["its engine", "_duckdb/duckdb-eh.wasm", 20_000_000, "Its program could not be loaded, or not as a whole."],
    ["its library", "_duckdb/duckdb.js", 20_000, "Its program could not be loaded, or not as a whole."],
    ["the tables", "data/trueup.duckdb", 900_000, "Of trueup.duckdb only 900,000 of "],
    ["the head of the tables", "data/trueup.duckdb", 3000, "not a valid DuckDB database file"],
  ])("says so where only a part of %s is there, and does not wait for ever", async (_, file, size, expected) => {
    const whole = await readFile(join(site.folder, "dist", file));
    const page = await browser.newPage();
    await page.route(new RegExp(file.replaceAll(".", "\\.")), async (route) => {
      const answer = await route.fetch();
      await route.fulfill({response: answer, body: whole.subarray(0, size)});
    });
    await page.goto(url + opened("select 1"));
    const text = await page.getByRole("alert").textContent();
    expect(text).toContain(`DuckDB could not be started: `);
    expect(text).toContain(expected);
    expect(text).toContain("publish the built site again, as a whole. Run tries again.");
    await page.close();
  });

  it("moves through a hundred thousand rows by keyboard and draws a few of them", async () => {
    const {page} = await visit(opened("select i as n, i * 2 as twice from range(100000) t(i)"));
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

  it("downloads every row as CSV with formulas neutralised, and as Arrow with its types", async () => {
    const sql =
      "select client_id, client_name, underbilled_monthly, period_start from clients union all select 'x', '=1+1', null, null order by client_id";
    const {page} = await visit(opened(sql));
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

  it("keeps the query in its address and among the recent ones, long ones too", async () => {
    const {page} = await visit("explore");
    await grid(page).waitFor();
    const long = `select 7 as seven ${"-- long\n".repeat(300)}`;
    for (const [sql, mark, column] of [
      ["select 5 as five", "?sql=", "five"],
      [long, "#sql=", "seven"],
    ] as const) {
      await type(page, sql);
      await page.keyboard.press("Control+Enter");
      await page.waitForURL((address) => address.href.includes(mark));
      // While one query runs no other can be started.
      await page.getByRole("columnheader", {name: column}).waitFor();
    }
    const address = page.url();
    await page.getByRole("link", {name: "Skip to the content"}).press("Enter");
    expect(page.url()).toBe(address);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("observablehq-main");
    await page.reload();
    await page.getByRole("columnheader", {name: "seven"}).waitFor();
    expect(await cells(page)).toEqual([["7"]]);
    await page.getByRole("tab", {name: "Recent"}).click();
    await page.getByRole("button", {name: /select 5 as five/}).click();
    await page.getByRole("columnheader", {name: "five"}).waitFor();
    expect(page.url()).toContain("?sql=select+5+as+five");
    await page.close();
  });

  it.each([
    ["light", 1440],
    ["dark", 390],
  ] as const)(
    "has no barrier in %s at %i pixels, with every tab open, and stays within the screen",
    async (scheme, width) => {
      const {page, wrong} = await visit("explore", {scheme, width});
      await grid(page).waitFor();
      for (const tab of ["Tables", "Recent", "Examples", "Chart", "Rows"]) {
        await page.getByRole("tab", {name: tab}).click();
        if (tab === "Tables") await page.locator(".schema summary").first().click();
        expect(await findBarriers(page), tab).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), tab).toBeLessThanOrEqual(
          0,
        );
      }
      expect(wrong).toEqual([]);
      await page.close();
    },
  );
});

describe("a client page", () => {
  it("explains its figures by rows that add up to them, on the SQL page", async () => {
    const {page} = await visit("clients/~c1005");
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
    const {page} = await visit("clients/~c1005", {width});
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
