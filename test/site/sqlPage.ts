import type {Page} from "playwright-core";
import type {SampleSite} from "./sampleSite.js";

export interface Visit {
  readonly page: Page;
  /** Errors of the page and requests to anybody else. What DuckDB prints about a failed query is not one. */
  readonly wrong: string[];
}

/** Opens a page that runs SQL. */
export async function visit(
  {browser, url}: SampleSite,
  path: string,
  options: {width?: number; scheme?: "light" | "dark"} = {},
): Promise<Visit> {
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

/** The address of the SQL page with a query. */
export const opened = (sql: string): string => `explore?${new URLSearchParams({sql})}`;
export const grid = (page: Page) => page.getByRole("grid");
export const status = (page: Page) => page.locator(".run-status");

export async function cells(page: Page): Promise<string[][]> {
  await grid(page).waitFor();
  return grid(page)
    .locator(".result-body [role=row]")
    .evaluateAll((rows) =>
      rows.map((row) => [...row.querySelectorAll("[role=gridcell]")].map((cell) => cell.textContent ?? "")),
    );
}

/** Puts a query in the place of the one that stands in the editor. */
export async function type(page: Page, sql: string): Promise<void> {
  await page.locator(".cm-content").click();
  await page.keyboard.press("Control+a");
  await page.keyboard.insertText(sql);
}
