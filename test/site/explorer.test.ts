import {readFile} from "node:fs/promises";
import {createServer, type IncomingMessage, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {join} from "node:path";
import type {Browser} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it, vi} from "vitest";
import {exampleQueries} from "../../loaders/site/data/exampleQueries.js";
import {findBarriers} from "./findBarriers.js";
import {openSharedSite, type SampleSite} from "./sampleSite.js";
import {cells, grid, opened, status, type, visit} from "./sqlPage.js";

let site: SampleSite;
let server: Server;
let url: string;
let browser: Browser;

beforeAll(async () => {
  site = await openSharedSite("present");
  ({server, url, browser} = site);
}, 300_000);

afterAll(() => site?.close());

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
    const {page, wrong} = await visit(site, "explore");
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

  it("shows suggestions that nothing around them cuts off: Safari would, though they lie above the page", async () => {
    const {page} = await visit(site, opened("select 1 as one"));
    await grid(page).waitFor();
    await type(page, "select * from client");
    await page.keyboard.type("s");
    const list = page.locator(".cm-tooltip-autocomplete");
    await list.waitFor();
    const around = await list.evaluate((element) => {
      const found: string[] = [];
      for (let one = element.parentElement; one !== null; one = one.parentElement)
        found.push(getComputedStyle(one).overflow);
      return found;
    });
    expect(new Set(around)).toEqual(new Set(["visible"]));
    await page.close();
  });

  it("completes a column and runs with a keystroke, and shows decimals, big integers, times and nulls exactly", async () => {
    const {page} = await visit(site, opened("select 1 as one"));
    await grid(page).waitFor();
    await vi.waitFor(
      async () => {
        await type(page, "select currency, unde");
        await page.keyboard.type("r");
        await page.getByRole("option", {name: /^underbilled_monthly/}).waitFor();
        // A list takes no key until it has stood for a moment; the key is the editor's until then.
        await page.waitForTimeout(250);
        await page.keyboard.press("Enter");
        expect(await page.locator(".cm-content").textContent()).toBe("select currency, underbilled_monthly");
      },
      {timeout: 30_000},
    );
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
    const {page, wrong} = await visit(site, "explore");
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
    const {page} = await visit(site, "explore");
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
      const {page, wrong} = await visit(site, opened(sql));
      await page.getByRole("alert").waitFor();
      expect(await page.getByRole("alert").textContent(), sql).toMatch(/disabled|Cannot change enable_external_access/);
      expect([...wrong, ...asked], sql).toEqual([]);
      await page.close();
    }
    other.close();
  });

  it("starts DuckDB anew where it broke down", async () => {
    const {page} = await visit(site, opened("set max_expression_depth = 100000"));
    await status(page)
      .getByText(/rows? in/)
      .waitFor();
    await type(page, `select ${"1 + ".repeat(5000)} 1`);
    await page.keyboard.press("Control+Enter");
    await page.getByRole("alert").getByText("DuckDB broke down").waitFor();
    await expect.poll(() => page.workers().length, {timeout: 10_000}).toBe(0);
    await type(page, "select date_trunc('month', max(as_of)) as month from summary");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("columnheader", {name: "month"}).waitFor();
    expect(await cells(page)).toEqual([["2026-11-01"]]);
    await page.close();
  });

  it("says in plain words what it lacks for time zones", async () => {
    const {page, wrong} = await visit(site, opened("select date_trunc('month', now()) as month"));
    await page
      .getByRole("alert")
      .getByText("This needs DuckDB’s extension icu, which the site does not have.")
      .waitFor();
    expect(wrong).toEqual([]);
    await page.close();
  });

  it("says in plain words which column it cannot read: DuckDB streams an ENUM without its values", async () => {
    const {page, wrong} = await visit(
      site,
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
    await expect.poll(() => page.workers().length, {timeout: 10_000}).toBe(0);
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
    await expect.poll(() => page.workers().length, {timeout: 10_000}).toBe(0);
    await page.close();
  });

  it("leaves no DuckDB running that starts but cannot be connected to", async () => {
    const page = await browser.newPage();
    await page.route(/duckdb\.js$/, (route) =>
      route.fulfill({
        contentType: "text/javascript",
        body: `export * from "./duckdb.js?whole";
          import {AsyncDuckDB} from "./duckdb.js?whole";
          AsyncDuckDB.prototype.connect = async () => { throw new Error("no memory is left."); };`,
      }),
    );
    const started = page.waitForEvent("worker");
    await page.goto(url + opened("select 1"));
    await started;
    await page.getByRole("alert").getByText("DuckDB could not be started: no memory is left.").waitFor();
    await expect.poll(() => page.workers().length, {timeout: 10_000}).toBe(0);
    await page.close();
  });

  it("keeps the query in its address and among the recent ones, long ones too", async () => {
    const {page} = await visit(site, "explore");
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
      const {page, wrong} = await visit(site, "explore", {scheme, width});
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
