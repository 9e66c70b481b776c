import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {parse} from "csv-parse/sync";
import type {Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {literal, openDatabase} from "../../loaders/database.js";
import {reconcile} from "../../loaders/marts/reconcile.js";
import {build} from "../../loaders/site/build.js";
import {preview} from "../../loaders/site/preview.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";
import {money, quantity, signedMoney, signedQuantity} from "../../src/lib/format.js";
import {findBarriers} from "./findBarriers.js";
import {openSampleSite, type SampleSite, watch} from "./sampleSite.js";

const file = "mappings/decisions.csv";
let site: SampleSite;
beforeAll(async () => {
  site = await openSampleSite();
}, 300_000);
afterAll(() => site?.close());

async function visit(path: string, options: {width?: number; scheme?: "light" | "dark"; url?: string} = {}) {
  const {width = 1440, scheme = "light", url = site.url} = options;
  const context = await site.browser.newContext({viewport: {width, height: 900}, colorScheme: scheme});
  const page = await context.newPage();
  const wrong = watch(page, url);
  await page.goto(url + path);
  await page.locator(".work, .client-decisions, .memo, .memo-clients").first().waitFor();
  return {page, wrong};
}

async function mart(name: string, where: string): Promise<Record<string, string | null>[]> {
  const database = await openDatabase();
  try {
    const path = literal(join(site.folder, "marts", `${name}.parquet`));
    return (await database.rows(`select * from ${path} where ${where}`)) as Record<string, string | null>[];
  } finally {
    database.close();
  }
}

const rowOf = (page: Page, client: string, service: string) =>
  page.locator("tbody tr").filter({hasText: client}).filter({hasText: service});

async function fill(page: Page, choice: {decision?: string; reason?: string; owner?: string}): Promise<void> {
  const dialog = page.locator("dialog.decide");
  if (choice.decision !== undefined) await dialog.getByLabel("Decision").selectOption({label: choice.decision});
  if (choice.reason !== undefined) await dialog.getByLabel("Reason").fill(choice.reason);
  if (choice.owner !== undefined) await dialog.getByRole("textbox", {name: "Who follows it up"}).fill(choice.owner);
  await dialog.getByRole("button", {name: "Decide"}).click();
}

async function save(page: Page): Promise<Record<string, string>[]> {
  await page.getByRole("button", {name: "Review and save"}).click();
  await page.getByLabel("Who decides").fill("Ada Lovelace");
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", {name: "Download decisions.csv"}).click(),
  ]);
  const text = await readFile((await download.path()) ?? "", "utf8");
  await writeFile(join(site.folder, "saved.csv"), text);
  return parse(text, {columns: true, bom: true}) as Record<string, string>[];
}

describe("the work list", () => {
  it("shows what is open with its money, owner and age, and what came back with what was decided before", async () => {
    const {page, wrong} = await visit("work");
    const open = await mart("work_list", "decision_state <> 'decided'");
    expect(await page.getByRole("tab", {name: /^Open/}).textContent()).toBe(`Open (${open.length})`);
    expect(await page.locator("tbody tr").count()).toBe(open.length);
    expect(await rowOf(page, "Birchwood", "Business Premium").textContent()).toMatch(
      /Expired accept until 15 Nov 2026/,
    );
    expect(await rowOf(page, "Ember Motors", "Multi-factor").textContent()).toMatch(/Expired bill for Oct 2026/);
    expect(await rowOf(page, "Cedarvale", "Managed Endpoint").textContent()).toMatch(
      /Changed since bill of \+3 for \+\$36\.00/,
    );
    expect(await rowOf(page, "Harbour Textiles", "Endpoint Detection").textContent()).toContain("Dana Reyes");
    expect(await rowOf(page, "Cobalt", "Endpoint Detection").count()).toBe(0);
    await page.getByRole("tab", {name: /^Decided/}).click();
    expect(await page.locator("tbody tr").count()).toBe(5);
    expect(await rowOf(page, "Cobalt", "Endpoint Detection").locator("td").nth(5).textContent()).toBe(
      "Credit to 5, $25.00 onceOne spare licence stays; rest of November as goodwill20 Nov 2026, Priya Nair",
    );
    const due = await mart("adjustments", "decision_state = 'decided'");
    for (const {client_name, due_amount} of due) {
      const cell = rowOf(page, client_name ?? "", "Endpoint Detection")
        .locator("td")
        .nth(3);
      expect(await cell.textContent()).toBe(signedMoney(due_amount ?? null, "USD"));
    }
    expect(due.length).toBe(2);
    expect(await page.locator("tfoot td").nth(3).textContent()).toBe("+$251.31−$25.00");
    expect(new URL(page.url()).search).toBe("?list=decided");
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it("takes a decision with the keyboard, keeps it over a reload, shares it with the client's page and saves it as one line", async () => {
    const {page, wrong} = await visit("work");
    const decideButton = rowOf(page, "Alder Dental", "Managed Endpoint").getByRole("button", {name: /^Decide/});
    await decideButton.focus();
    await page.keyboard.press("Enter");
    await fill(page, {});
    expect(await page.locator("dialog.decide [role=alert]").textContent()).toBe("Say why.");
    const reason = page.getByLabel("Reason");
    const faulty = (): Promise<unknown[]> =>
      reason.evaluate((input) => {
        const id = input.getAttribute("aria-describedby") ?? "";
        return [
          input === document.activeElement,
          input.getAttribute("aria-invalid"),
          document.getElementById(id)?.textContent,
        ];
      });
    expect(await faulty()).toEqual([true, "true", "Say why."]);
    await fill(page, {reason: "Ordered in October", owner: "Ron"});
    expect(await decideButton.evaluate((button) => button === document.activeElement)).toBe(true);
    expect(await rowOf(page, "Alder Dental", "Managed Endpoint").textContent()).toContain("Bill not saved yet");
    await page.reload();
    await page.getByText("1 unsaved edit").waitFor();

    await page.goto(`${site.url}clients/~c1000`);
    await page
      .locator(".client-decisions")
      .getByRole("button", {name: /^Decide about/})
      .click();
    await page.getByText("1 unsaved edit").waitFor();
    await page.keyboard.press("Escape");
    const rows = await save(page);
    const original = parse(await readFile(join(site.folder, file), "utf8"), {columns: true}) as unknown[];
    expect(rows.length).toBe(original.length + 1);
    expect(rows.at(-1)).toMatchObject({
      ...{client_id: "C1000", service_id: "S-RMM", decision: "bill", delta_quantity: "4", impact_monthly: "48.00"},
      ...{reason: "Ordered in October", owner: "Ron", decided_by: "Ada Lovelace"},
    });
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it("takes decisions where the browser forbids to keep anything, and says that they end with the page", async () => {
    const context = await site.browser.newContext();
    await context.addInitScript(() =>
      Object.defineProperty(window, "localStorage", {
        get() {
          throw new DOMException("denied", "SecurityError");
        },
      }),
    );
    const page = await context.newPage();
    const wrong = watch(page, site.url);
    for (const path of ["mapping/clients", "mapping/services", "clients/~c1001", "work"]) {
      await page.goto(site.url + path);
      await page
        .locator(path.startsWith("clients") ? ".client-decisions button" : ".save-bar")
        .first()
        .waitFor();
    }
    await rowOf(page, "Meridian Engineering", "Business Premium").getByRole("button", {name: "Decide"}).click();
    await fill(page, {reason: "They left in October"});
    await page.getByText("1 unsaved edit, which this browser does not keep").waitFor();
    expect(wrong).toEqual([]);
    await context.close();
  });

  it("decides about all that pass the filters, each with its own figures", async () => {
    const {page, wrong} = await visit("work?search=managed+endpoint&direction=under");
    const count = await page.locator("tbody tr").count();
    const shown = await mart(
      "work_list",
      "service_name = 'Managed Endpoint' and delta_quantity > 0 and decision_state <> 'decided'",
    );
    expect(count).toBe(shown.length);
    await page.getByRole("button", {name: "Decide about all shown"}).click();
    await fill(page, {decision: "Accept the difference", reason: "Rollout until Christmas"});
    const rows = (await save(page)).filter(({reason}) => reason === "Rollout until Christmas");
    expect(
      rows
        .map(({client_id, delta_quantity, impact_monthly}) => [client_id, Number(delta_quantity), impact_monthly])
        .sort(),
    ).toEqual(shown.map((row) => [row.client_id, Number(row.delta_quantity), row.impact_monthly]).sort());
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it("hides what the saved file decides once it is reconciled and built, and counts it apart", async () => {
    const workspace = await readWorkspace(site.folder);
    const before = await readFile(join(site.folder, file), "utf8");
    const open = (await mart("work_list", "decision_state <> 'decided'")).length;
    const [summary] = await mart("summary", "currency = 'USD'");
    await writeFile(join(site.folder, file), `${before}C1000,S-RMM,,,,,bill,,,,4,48.00,Ordered,,,\n`);
    await reconcile(workspace);
    const {directory, name, currency, inactiveAfterDays} = workspace;
    const out = join(site.folder, "again");
    await build({directory, name, currency, inactiveAfterDays, out});
    const {server, url} = await preview(out, 0);
    const {page, wrong} = await visit("work", {url});
    expect(await page.getByRole("tab", {name: /^Open/}).textContent()).toBe(`Open (${open - 1})`);
    expect(await rowOf(page, "Alder Dental", "Managed Endpoint").count()).toBe(0);
    const [after] = await mart("summary", "currency = 'USD'");
    expect(Number(summary?.open_underbilled_monthly) - Number(after?.open_underbilled_monthly)).toBeCloseTo(48, 6);
    expect(after?.underbilled_monthly).toBe(summary?.underbilled_monthly);
    expect(wrong).toEqual([]);
    await page.context().close();
    server.closeAllConnections();
    server.close();
    await writeFile(join(site.folder, file), before);
    await reconcile(workspace);
  }, 240_000);
});

describe("the memo", () => {
  it("has the figures of the adjustments and names every seat behind the count", async () => {
    const {page, wrong} = await visit("memo?client=~c1015");
    const changes = await mart("adjustments", "client_id = 'C1015' and decision_state = 'decided'");
    const cells = await page
      .locator(".memo section table tbody tr")
      .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? "")));
    expect(cells.map((row) => [row[1], row[2], row[3], row[5], row[7]])).toEqual(
      changes.map((change) => [
        quantity(change.current_quantity ?? null),
        quantity(change.new_quantity ?? null),
        signedQuantity(change.change_quantity ?? null),
        money(change.monthly_amount ?? null, "USD"),
        money(change.due_amount ?? null, "USD"),
      ]),
    );
    const names = await page.locator(".named li bdi:first-child").allTextContents();
    const seats = await mart("seats", "client_id = 'C1015' and product_id = 'edr' and disposition = 'counted'");
    const counted =
      seats.length > 0
        ? seats
        : await mart("seats", "client_id = 'C1015' and connection_id = 'edr' and disposition = 'counted'");
    expect(names.length).toBe(22);
    expect([...names].sort()).toEqual(counted.map(({display_name}) => String(display_name)).sort());
    expect(wrong).toEqual([]);
    await page.context().close();
  });

  it("counts as many names as every count that is made of seats", async () => {
    const rows = await mart("reconciliation", "status = 'discrepancy' and system_count is not null");
    const methods = await mart("reconciliation_sources", "true");
    const groups = await mart("counted_groups", "count_method = 'seats'");
    const sums = new Map<string, number>();
    for (const {reconciliation_id, seat_count} of groups) {
      sums.set(String(reconciliation_id), (sums.get(String(reconciliation_id)) ?? 0) + Number(seat_count));
    }
    const byName = rows.filter(({reconciliation_id}) =>
      methods
        .filter((source) => source.reconciliation_id === reconciliation_id)
        .every(({count_method}) => count_method === "seats"),
    );
    expect(byName.length).toBeGreaterThan(20);
    for (const row of byName) {
      expect(sums.get(String(row.reconciliation_id)) ?? 0, JSON.stringify(row)).toBe(Number(row.system_count));
    }
  });

  it("is a draft as long as something in it is open, and adds up no price to no 0", async () => {
    const {page} = await visit("memo?client=~c1045");
    expect(await page.locator(".memo-draft").textContent()).toBe(
      "Draft. Nothing of it is decided yet, so nothing is due.",
    );
    expect(await page.locator(".memo tfoot td").allTextContents()).toEqual(["no price", "", "no price"]);
    await page.context().close();
    const {page: decided} = await visit("memo?client=~c1015");
    expect(await decided.locator(".memo-draft").count()).toBe(0);
    await decided.context().close();
  });

  it("never says that a vendor gives no names of what was not found at all", async () => {
    const {page} = await visit("memo?client=~c1061");
    const server = page.locator(".memo-count", {hasText: "Managed Server"});
    expect(await server.textContent()).toContain("0 to be billed, 2 billed.");
    expect(await server.locator(".quiet").textContent()).toBe("None was found in use.");
    await page.context().close();
  });

  it("prints on upright pages without what is only for the screen", async () => {
    const {page} = await visit("memo?client=~c1015");
    await page.emulateMedia({media: "print"});
    // biome-ignore lint/performance/useDomNodeTextContent: what is hidden must not count.
    const text = await page.locator("body").innerText();
    expect(text).toContain("Pinecrest Foods Group");
    expect(text).toContain("Ordered by phone, order 4471");
    expect(text).not.toContain("Print or save as PDF");
    expect(text).not.toContain("Billing & Invoices");
    const pdf = (await page.pdf({preferCSSPageSize: true})).toString("latin1");
    expect(pdf.startsWith("%PDF-")).toBe(true);
    const boxes = [...pdf.matchAll(/\/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]/g)].map(([, width, height]) => [
      Math.round(Number(width)),
      Math.round(Number(height)),
    ]);
    expect(boxes).toEqual([[595, 842]]);
    await page.context().close();
  });

  it.each(["~c9999", "C1015", "../billing", "<img src=x onerror=alert(1)>"])(
    "says that it knows no client %s, and offers those that there are",
    async (client) => {
      const {page} = await visit(`memo?client=${encodeURIComponent(client)}`);
      expect(await page.getByRole("status").textContent()).toContain(
        `No client of this site has the address “${client}”`,
      );
      expect(await page.locator(".memo-clients li").count()).toBeGreaterThan(30);
      expect(await page.getByRole("alert").count()).toBe(0);
      expect(await findBarriers(page)).toEqual([]);
      await page.context().close();
    },
  );

  it("says that the address asks for no choice that there is, and shows the usual one", async () => {
    const {page} = await visit("memo?client=~c1015&show=paid");
    expect(await page.getByRole("status").textContent()).toContain("“paid”, which is none of the choices above");
    expect(await page.getByLabel("In the memo").inputValue()).toBe("decided");
    await page.context().close();
  });

  it("never says that nothing is to be billed where something is open", async () => {
    const {page} = await visit("memo?client=~c1045&show=decided");
    await page.getByText("Nothing is decided about this client yet. 1 change is open.").waitFor();
    await page.getByRole("button", {name: "Show what is open"}).click();
    expect(await page.locator(".memo-draft").textContent()).toBe(
      "Draft. Nothing of it is decided yet, so nothing is due.",
    );
    expect(await page.locator(".memo-due").count()).toBe(0);
    expect(await page.locator(".memo-head").textContent()).toMatch(/C1045-20261123-[0-9A-F]{4}, draft/);
    await page.context().close();
  });

  it("has a number, whom it is for and from, and what is due now as the adjustments have it", async () => {
    const {page} = await visit("memo?client=~c1015");
    const [sum] = await mart("adjustments", "client_id = 'C1015' and decision_state = 'decided'");
    expect(await page.locator(".memo-head dd").allTextContents()).toEqual([
      "Pinecrest Foods Groupclient C1015",
      "Northwind IT",
      expect.stringMatching(/^C1015-20261123-[0-9A-F]{4}$/),
      "23 Nov 2026",
    ]);
    expect(await page.title()).toMatch(/^Memo C1015-20261123-[0-9A-F]{4}, Pinecrest Foods Group$/);
    expect(await page.locator(".memo-due .figure").first().textContent()).toContain(
      money(sum?.due_amount ?? null, "USD"),
    );
    expect(await page.locator(".memo-sign p").allTextContents()).toEqual(["Prepared byDate", "Approved byDate"]);
    await page.context().close();
  });

  it("offers the clients where none is named", async () => {
    const {page, wrong} = await visit("memo");
    const found = await mart("work_list", "client_name = 'Cobalt Engineering & Co'");
    const item = page.locator(".memo-clients li").filter({hasText: "Cobalt Engineering & Co"});
    expect(await item.textContent()).toMatch(new RegExp(`^Cobalt Engineering & Co ${found.length} discrepanc`));
    await page.getByRole("link", {name: "Cobalt Engineering & Co"}).click();
    await page.getByText("To be credited").first().waitFor();
    expect(wrong).toEqual([]);
    await page.context().close();
  });
});

it.each(
  ["work", "work?list=decided", "memo", "memo?client=~c1002", "clients/~c1002"].flatMap((path) => [
    [path, "light", 1440] as const,
    [path, "dark", 390] as const,
  ]),
)("%s has no barrier in %s at %i pixels", async (path, scheme, width) => {
  const {page, wrong} = await visit(path, {scheme, width});
  expect(await findBarriers(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
  expect(wrong).toEqual([]);
  await page.context().close();
});

it("says what all discrepancies shown come to, each currency and direction apart, before they are decided", async () => {
  const {page} = await visit("work");
  await page.getByRole("button", {name: "Decide about all shown"}).click();
  const open = await mart("work_list", "decision_state <> 'decided'");
  const sum = (currency: string, sign: number) =>
    money(
      open
        .filter((row) => row.currency === currency && Math.sign(Number(row.impact_monthly)) === sign)
        .reduce((total, row) => total + Number(row.impact_monthly) * sign, 0)
        .toFixed(2),
      currency,
    );
  const text = await page.locator("dialog p").first().textContent();
  for (const currency of ["USD", "EUR"]) {
    expect(text).toContain(`+${sum(currency, 1)} and −${sum(currency, -1)} per month`);
  }
  expect(text).toContain("1 without a price");
  await page.context().close();
});

it("the question what is decided has no barrier", async () => {
  const {page} = await visit("work", {width: 390});
  await page.locator("[data-decide]").first().click();
  expect(await findBarriers(page)).toEqual([]);
  await page.context().close();
});
