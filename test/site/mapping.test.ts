import {execFileSync} from "node:child_process";
import {cp, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import type {Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {literal, openDatabase} from "../../loaders/database.js";
import {reconcile} from "../../loaders/marts/reconcile.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";
import {fromCents, toCents} from "../../src/lib/cents.js";
import {money, percent, signedMoney} from "../../src/lib/format.js";
import {findBarriers} from "./findBarriers.js";
import {openSharedSite, type SampleSite, watch} from "./sampleSite.js";

const loading = 60_000;
let site: SampleSite;
beforeAll(async () => {
  site = await openSharedSite("present");
}, 300_000);
afterAll(() => site?.close());

async function visit(path: string, options: {width?: number; scheme?: "light" | "dark"} = {}) {
  const {width = 1440, scheme = "light"} = options;
  const context = await site.browser.newContext({viewport: {width, height: 900}, colorScheme: scheme});
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const page = await context.newPage();
  const wrong = watch(page, site.url);
  await page.goto(site.url + path);
  await page.locator(".consequences").waitFor();
  return {page, wrong};
}

type Row = Record<string, string>;

/** Figures of the workspace as `reconcile` makes them with other mapping files. */
async function reconciledWith(files: Readonly<Record<string, string>>) {
  const folder = await mkdtemp(join(tmpdir(), "trueup-again-"));
  try {
    for (const name of ["workspace.yaml", "imports", "mappings", "lake"]) {
      await cp(join(site.folder, name), join(folder, name), {recursive: true});
    }
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    await reconcile(await readWorkspace(folder));
    return await figuresOf(folder);
  } finally {
    await rm(folder, {recursive: true, force: true});
  }
}

async function figuresOf(folder: string) {
  const database = await openDatabase();
  const rows = async (mart: string): Promise<Row[]> =>
    (await database.rows(`select * from ${literal(join(folder, "marts", `${mart}.parquet`))}`)) as Row[];
  try {
    return {summary: await rows("summary"), clients: await rows("clients")};
  } finally {
    database.close();
  }
}

type Figures = Awaited<ReturnType<typeof figuresOf>>;

/** What the preview must show of two sets of figures, in the workspace's main currency. */
function expected(before: Figures, after: Figures): string[][] {
  const [was, is] = [before, after].map(({summary}) => summary.find(({currency}) => currency === "USD") as Row) as [
    Row,
    Row,
  ];
  const sums = (column: string, sign: 1 | -1): string[] => {
    const [a, b] = [toCents(was[column] ?? null), toCents(is[column] ?? null)];
    const change = `${money(fromCents(Math.abs(b - a)), "USD")} ${b > a ? "more" : "less"}`;
    return [...[a * sign, b * sign].map((cents) => signedMoney(fromCents(cents), "USD")), a === b ? "—" : change];
  };
  const count = (column: string): string[] => {
    const change = Number(is[column]) - Number(was[column]);
    return [was[column] ?? "", is[column] ?? "", change === 0 ? "—" : change > 0 ? `+${change}` : `−${-change}`];
  };
  return [
    ["Underbilled", ...sums("underbilled_monthly", 1)],
    ["Overbilled", ...sums("overbilled_monthly", -1)],
    ["Coverage", percent(was.coverage_amount ?? null), percent(is.coverage_amount ?? null)],
    ["Discrepancies", ...count("discrepancy_count")],
    ["Unlinked accounts", ...count("unlinked_accounts")],
    ["Unaccounted seats", ...count("unaccounted_seats")],
  ];
}

async function shown(page: Page): Promise<string[][]> {
  await page.locator(".preview-body:not([aria-busy]) .before-after").first().waitFor({timeout: loading});
  const rows = page.locator(".before-after").first().locator("tbody tr");
  const cells = await rows.evaluateAll((list) =>
    list.map((row) => [...row.children].map((cell) => cell.textContent?.trim() ?? "")),
  );
  // The change of a share is rounded for itself; both shares are compared.
  return cells.map((row) => (row[0] === "Coverage" ? row.slice(0, 3) : row));
}

/** Goes on with the Tab key until what has the focus is named so. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let step = 0; step < 200; step += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement | null;
      return element?.labels?.[0]?.textContent ?? element?.textContent ?? "";
    });
    if (name.test(focused.trim())) return;
  }
  throw new Error(`The Tab key never reaches ${name}.`);
}

async function downloaded(page: Page, start: () => Promise<void>): Promise<string> {
  const [file] = await Promise.all([page.waitForEvent("download"), start()]);
  return readFile((await file.path()) ?? "", "utf8");
}

const clientsFile = "mappings/clients.csv";

describe("an account that nobody decided about", () => {
  it("is linked with the keyboard alone, shows the exact change in money, and saves a file that gives those very figures", async () => {
    const {page, wrong} = await visit("mapping/clients");
    const engine: string[] = [];
    page.on("request", (request) => {
      if (request.url().includes("_duckdb")) engine.push(request.url());
    });
    await tabTo(page, /^Link Verbena Design Group to Verbena Design Group$/);
    expect(engine).toEqual([]);
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/^Undo/);
    const preview = await shown(page);

    await tabTo(page, /^Review and save$/);
    await page.keyboard.press("Enter");
    const original = await readFile(join(site.folder, clientsFile), "utf8");
    await tabTo(page, /^Who decides/);
    await page.keyboard.type("Ada Lovelace");
    await tabTo(page, /^Download clients\.csv$/);
    const saved = await downloaded(page, () => page.keyboard.press("Enter"));
    const header = saved.slice(0, saved.indexOf("\n")).split(",");
    const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");
    const kept = new Set(lines(original).map((line) => line.replace(/,+$/, "")));
    const added = lines(saved)
      .slice(1)
      .filter((line) => !kept.has(line.replace(/,+$/, "")));
    expect(lines(saved)).toHaveLength(lines(original).length + 1);
    expect(added).toHaveLength(1);
    const cells = (added[0] ?? "").split(",");
    expect(Object.fromEntries(header.map((name, index) => [name, cells[index]]))).toMatchObject({
      ...{
        connection_id: "edr",
        account_id: "edr-21-hq",
        client_id: "C1021",
        status: "confirmed",
        decided_by: "Ada Lovelace",
      },
      decided_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });

    const [before, after] = [await figuresOf(site.folder), await reconciledWith({[clientsFile]: saved})];
    expect(preview).toEqual(expected(before, after));
    expect(preview.map(([label, , , change]) => [label, change])).not.toContainEqual(["Overbilled", "—"]);
    const overbilled = ({clients}: Figures): string =>
      clients.find(({client_id}) => client_id === "C1021")?.overbilled_monthly ?? "";
    const row = await page.locator(".before-after").nth(1).locator("tr", {hasText: "Verbena"}).textContent();
    expect(row).toContain(signedMoney(fromCents(-toCents(overbilled(before))), "USD"));
    expect(row).toContain(signedMoney(fromCents(-toCents(overbilled(after))), "USD"));
    expect(wrong).toEqual([]);
    await page.context().close();
  }, 120_000);

  it("stays decided over a reload and on the other page, until it is undone", async () => {
    const {page, wrong} = await visit("mapping/clients");
    await page.getByRole("button", {name: /^Link Verbena Design Group to Verbena/}).click();
    await page.reload();
    await page.getByText("1 unsaved edit").waitFor();
    expect(await page.getByText("Linked to Verbena Design Group").count()).toBe(1);
    const first = await shown(page);
    await page.goto(`${site.url}mapping/services`);
    await page.getByText("1 unsaved edit").waitFor();
    expect(await shown(page)).toEqual(first);
    await page.goto(`${site.url}mapping/clients`);
    await page.getByRole("button", {name: /^Undo the decision about Verbena/}).click();
    await page.getByText("No unsaved edits").waitFor();
    expect(await page.locator(".before-after").count()).toBe(0);
    expect(wrong).toEqual([]);
    await page.context().close();
  }, 120_000);

  it("is shown and saved as it is, whatever names and reasons hold", async () => {
    const {page, wrong} = await visit("mapping/clients");
    const reason = '=HYPERLINK("http://x"), <img src=x onerror=alert(1)>';
    const card = page.locator("article", {hasText: "Brightwater Marine"});
    await card.getByRole("combobox").fill("<img");
    await page.keyboard.press("Enter");
    expect(await card.locator("li.candidate").textContent()).toContain("<img src=x");
    await card.getByLabel("Why, as a note").fill(reason);
    await card.getByRole("button", {name: /^Exclude/}).click();
    await page.getByRole("button", {name: "Review and save"}).click();
    await page.getByLabel("Who decides").fill('@Ada, "A"');
    const saved = await downloaded(page, () => page.getByRole("button", {name: "Download clients.csv"}).click());
    expect(saved).toContain(`rmm,rmm-new,,excluded,"${reason.replaceAll('"', '""')}","@Ada, ""A""",`);
    expect(await page.locator("img").count()).toBe(0);
    const {summary} = await reconciledWith({[clientsFile]: saved});
    expect(summary[0]?.unlinked_accounts).toBe("1");
    expect(wrong).toEqual([]);
    await page.context().close();
  }, 120_000);
});

describe("a product that no rule covers", () => {
  it("is billed by a new rule, with what that changes before it is saved", async () => {
    const {page, wrong} = await visit("mapping/services?integration=m365");
    await page.getByRole("button", {name: "Bill it for Power BI Pro"}).click();
    await page.getByRole("combobox", {name: "Service"}).fill("copilot");
    await page.keyboard.press("Enter");
    await page.getByRole("button", {name: /^Per licence in use/}).click();
    await page.getByLabel("At least").fill("3");
    expect(await page.locator(".reading").textContent()).toContain(
      "Counts active seats of Power BI Pro in m365, at least 3.",
    );
    const preview = await shown(page);
    await page.getByRole("button", {name: "Review and save"}).click();
    await page.getByLabel("Who decides").fill("Ada");
    const saved = await downloaded(page, () => page.getByRole("button", {name: "Download services.csv"}).click());
    const after = await reconciledWith({"mappings/services.csv": saved});
    expect(preview).toEqual(expected(await figuresOf(site.folder), after));
    expect(after.summary.find(({currency}) => currency === "USD")?.unaccounted_seats).toBe("0");
    expect(wrong).toEqual([]);
    await page.context().close();
  }, 120_000);

  it("says in words what is wrong with a rule, and keeps the figures out", async () => {
    const {page} = await visit("mapping/services");
    await page.getByRole("button", {name: "Edit rule R05"}).click();
    await page.getByLabel("At least").fill("20");
    await page.getByLabel("At most").fill("5");
    const alert = page.locator(".preview [role=alert]");
    await alert.waitFor({timeout: loading});
    expect(await alert.textContent()).toContain('maximum "5": is less than the minimum 20.');
    await page.context().close();
  }, 120_000);
});

describe("saving", () => {
  it("copies a patch that git applies to the workspace", async () => {
    const {page} = await visit("mapping/clients?list=doubtful");
    await page.getByRole("button", {name: /^Link .* to Willowbrook/}).click();
    await page.getByRole("button", {name: "Review and save"}).click();
    await page.getByLabel("Who decides").fill("Ada");
    await page.getByRole("button", {name: "Copy as a patch"}).click();
    await page.getByText("Copied.").waitFor();
    const patch = await page.evaluate(() => navigator.clipboard.readText());
    const folder = await mkdtemp(join(tmpdir(), "trueup-patch-"));
    try {
      await cp(join(site.folder, "mappings"), join(folder, "mappings"), {recursive: true});
      execFileSync("git", ["apply"], {cwd: folder, input: patch});
      expect(await readFile(join(folder, clientsFile), "utf8")).toMatch(
        /\nbackup,backup-22-branch,C1022,confirmed,,Ada,/,
      );
    } finally {
      await rm(folder, {recursive: true, force: true});
    }
    await page.context().close();
  }, 120_000);

  it("writes into the workspace’s folder, unless a file there is not the one that the site was built from", async () => {
    const {page} = await visit("mapping/clients");
    const original = await readFile(join(site.folder, clientsFile), "utf8");
    const put = (text: string) =>
      page.evaluate(async (content) => {
        const root = await navigator.storage.getDirectory();
        const write = async (folder: FileSystemDirectoryHandle, name: string, body: string) => {
          const stream = await (await folder.getFileHandle(name, {create: true})).createWritable();
          await stream.write(body);
          await stream.close();
        };
        await write(root, "workspace.yaml", "name: Test");
        await write(await root.getDirectoryHandle("mappings", {create: true}), "clients.csv", content);
        Object.assign(window, {showDirectoryPicker: () => navigator.storage.getDirectory()});
      }, text);
    const read = () =>
      page.evaluate(async () => {
        const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("mappings");
        return (await (await folder.getFileHandle("clients.csv")).getFile()).text();
      });
    await page.getByRole("button", {name: /^Link Verbena Design Group to Verbena/}).click();
    await put(`${original}rmm,rmm-new,C1003,confirmed,\n`);
    await page.getByRole("button", {name: "Review and save"}).click();
    await page.getByLabel("Who decides").fill("Ada");
    const button = page.getByRole("button", {name: "Write into the workspace folder"});
    await button.click();
    await page.getByText("is not as it was when this site was built, so nothing was written").waitFor();
    await put(original);
    await button.click();
    await page.getByText("mappings/clients.csv written.").waitFor();
    expect(await read()).toMatch(/\nedr,edr-21-hq,C1021,confirmed,,Ada,/);

    await page.reload();
    await page.evaluate(() => Object.assign(window, {showDirectoryPicker: () => navigator.storage.getDirectory()}));
    const card = page.locator("article", {hasText: "Brightwater Marine"});
    await card.getByLabel("Why, as a note").fill("Ours");
    await card.getByRole("button", {name: /^Exclude/}).click();
    await page.getByText("2 unsaved edits").waitFor();
    await page.getByRole("button", {name: "Review and save"}).click();
    await page.getByRole("button", {name: "Write into the workspace folder"}).click();
    await page.getByText("mappings/clients.csv written.").waitFor();
    expect(await read()).toMatch(/\nedr,edr-21-hq,C1021,confirmed,,Ada,(.*\n)*.*,excluded,Ours,Ada,/);
    await page.context().close();
  }, 120_000);
});

it.each([
  ["mapping/clients", "light", 1440],
  ["mapping/clients", "dark", 390],
  ["mapping/services", "light", 1440],
  ["mapping/services", "dark", 390],
] as const)(
  "%s has no barrier in %s at %i pixels while somebody edits and saves",
  async (path, scheme, width) => {
    const {page, wrong} = await visit(path, {scheme, width});
    if (path === "mapping/clients")
      await page.getByRole("button", {name: /^Link Verbena Design Group to Verbena/}).click();
    else {
      await page.getByRole("button", {name: "Edit rule R05"}).click();
      await page.getByLabel("At least").fill("9");
    }
    await shown(page);
    expect(await findBarriers(page)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0);
    await page.getByRole("button", {name: "Review and save"}).click();
    await page.waitForTimeout(300);
    expect(await findBarriers(page)).toEqual([]);
    expect(wrong).toEqual([]);
    await page.context().close();
  },
  120_000,
);

it("leads from a client’s discrepancy to the mapping that mends it", async () => {
  const context = await site.browser.newContext();
  const page = await context.newPage();
  const wrong = watch(page, site.url);
  await page.goto(`${site.url}clients/~c1021`);
  await page.getByRole("link", {name: "Fix the mapping"}).first().click();
  await page.getByText("Client: Verbena Design Group").waitFor();
  await page.getByRole("button", {name: /^Link Verbena Design Group to Verbena/}).waitFor();
  expect(wrong).toEqual([]);
  await context.close();
});
