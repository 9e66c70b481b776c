import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import type {Browser, Page} from "playwright-core";
import {afterAll, beforeAll, expect, it} from "vitest";
import {literal, openDatabase} from "../../loaders/database.js";
import {reconcile} from "../../loaders/marts/reconcile.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";
import {type CsvRow, editCsv, keyOf} from "../../src/lib/csvText.js";
import type {Figures} from "../../src/lib/figures.js";
import {type MappingFiles, type Mappings, mappingTables} from "../../src/lib/mappingTables.js";
import {readMappingFiles} from "../../src/lib/readMappingCsv.js";
import {bundlePreview, type PreviewPage} from "../preview/bundlePreview.js";
import {openSampleSite, type SampleSite} from "./sampleSite.js";

let site: SampleSite;
let folder: string;
let url: string;
let browser: Browser;
let code: string;

beforeAll(async () => {
  site = await openSampleSite();
  ({folder, url, browser} = site);
  code = await bundlePreview();
}, 300_000);

afterAll(() => site?.close());

/** A page of the site, under its policy, with the preview open as `preview`. */
async function openPage(wrong: string[]): Promise<Page> {
  const page = await browser.newPage();
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") wrong.push(message.text());
  });
  page.on("request", (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(url)) wrong.push(`foreign: ${request.url()}`);
  });
  await page.goto(`${url}guide`);
  // Not as a script of the page, which its policy forbids.
  await page.evaluate(code);
  await page.evaluate(async () => {
    const global = globalThis as unknown as PreviewPage;
    global.preview = await global.trueupPreview.openPreview();
  });
  return page;
}

function run(page: Page, mappings: Mappings) {
  return page.evaluate((given) => (globalThis as unknown as PreviewPage).preview.run(given), mappings);
}

/** A mart of the workspace, every value as text. */
async function readMart(name: string): Promise<string[]> {
  const database = await openDatabase();
  try {
    const from = `read_parquet(${literal(join(folder, "marts", `${name}.parquet`))})`;
    const columns = await database.rows(`describe select * from ${from}`);
    const texts = columns.map(({column_name, column_type}) =>
      column_type === "TIMESTAMP WITH TIME ZONE"
        ? `strftime(${column_name} at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ') as ${column_name}`
        : `cast(${column_name} as varchar) as ${column_name}`,
    );
    return textOf(await database.rows(`select ${texts.join(", ")} from ${from}`));
  } finally {
    database.close();
  }
}

function textOf(rows: readonly object[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}

async function readFiles(): Promise<MappingFiles> {
  return JSON.parse(await readFile(join(folder, "dist", "data", "mappings.json"), "utf8")) as MappingFiles;
}

const marts = ["summary", "clients", "reconciliation"] as const satisfies readonly (keyof Figures)[];

it("shows in Chromium the marts of the site, and before an account is accepted what reconciling then finds", async () => {
  const wrong: string[] = [];
  const page = await openPage(wrong);
  const files = await readFiles();
  const mappings = readMappingFiles(files);
  const built = await run(page, mappings);
  for (const mart of marts) expect(textOf(built.figures?.[mart] ?? []), mart).toEqual(await readMart(mart));

  const work = (await readMart("mapping_work")).map((row) => JSON.parse(row) as Record<string, string | null>);
  const account = work.find((row) => row.kind === "unlinked_account" && Number(row.score) > 0.9);
  if (account === undefined) throw new Error("The sample has an unlinked account that resembles a client.");
  const link: CsvRow = {
    connection_id: String(account.connection_id),
    account_id: String(account.account_id),
    client_id: String(account.suggested_client_id),
    status: "confirmed",
    note: "",
    decided_by: "Ann",
    decided_at: "2026-11-24",
  };
  const edited = {...mappings, clients: [...mappings.clients, link]};
  const {figures, change, problems} = await run(page, edited);
  expect(problems).toEqual([]);
  if (figures === null) throw new Error("No figures.");
  expect(change.unlinkedAccounts.after).toBe(change.unlinkedAccounts.before - 1);
  expect(change.clients.map(({clientId}) => clientId)).toEqual([account.suggested_client_id]);

  const edits = new Map([[keyOf(link, mappingTables.clients.key), link]]);
  await writeFile(join(folder, "mappings", "clients.csv"), editCsv(files.clients, mappingTables.clients, edits));
  await reconcile(await readWorkspace(folder));
  for (const mart of marts) expect(textOf(figures[mart]), mart).toEqual(await readMart(mart));
  expect(wrong).toEqual([]);
  await page.close();
});

it("says in Chromium what is wrong with mappings as the command line does, and goes on from there", async () => {
  const wrong: string[] = [];
  const page = await openPage(wrong);
  const mappings = readMappingFiles(await readFiles());
  const link = {connection_id: "m365", account_id: "m365-0", client_id: "nobody", status: "confirmed", note: null};
  const {figures, problems} = await run(page, {...mappings, clients: [...mappings.clients, link]});
  expect(figures).toBeNull();
  expect(problems.map(({line, column}) => [line, column])).toEqual([
    [mappings.clients.length + 2, "client_id"],
    [mappings.clients.length + 2, "account_id"],
  ]);
  const seat = {connection_id: "rmm", seat_id: "some-seat", reason: "spare"};
  const named = await run(page, {...mappings, exclusions: [...mappings.exclusions, seat]});
  expect(named.problems.map(({remedy}) => remedy)).toEqual([
    "Save the file and run `trueup map diff`, or exclude its account or product.",
  ]);
  const same = await run(page, mappings);
  expect(same).toMatchObject({problems: [], change: {clients: [], appeared: [], vanished: [], changed: []}});
  expect(wrong).toEqual([]);
  await page.close();
});

it("leaves no DuckDB running in Chromium where the preview's own data does not come", async () => {
  const page = await browser.newPage();
  await page.route(/preview\.duckdb/, (route) => route.fulfill({status: 404}));
  await page.goto(`${url}guide`);
  await page.evaluate(code);
  const started = page.waitForEvent("worker");
  const opening = page.evaluate(async () => {
    await (globalThis as unknown as PreviewPage).trueupPreview.openPreview();
  });
  await expect(opening).rejects.toThrow("The preview's data could not be loaded (status 404).");
  await started;
  await expect.poll(() => page.workers().length, {timeout: 10_000}).toBe(0);
  await page.close();
});
