import type {Page} from "playwright-core";
import {type SampleSite, watch} from "./sampleSite.js";

/** Blocks are empty until their script has run, so that nothing being busy does not mean that anything was drawn. */
export async function untilDrawn(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector("[aria-busy], observablehq-loading") === null &&
      [...document.querySelectorAll(".observablehq--block")].every((block) => block.childElementCount > 0),
  );
}

/** Opens a page and collects everything that went wrong on it. */
export async function visit(
  {browser, url}: SampleSite,
  path: string,
  options: {width?: number; scheme?: "light" | "dark"} = {},
): Promise<{page: Page; wrong: string[]}> {
  const {width = 1440, scheme = "light"} = options;
  const page = await browser.newPage({viewport: {width, height: 900}, colorScheme: scheme});
  const wrong = watch(page, url);
  await page.goto(url + path, {waitUntil: "load"});
  await untilDrawn(page);
  for (const alert of await page.locator("[role=alert], .observablehq--error").allTextContents())
    wrong.push(`shown: ${alert}`);
  return {page, wrong};
}

/** By how many pixels a page is wider than its window. */
export function overflow(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}
