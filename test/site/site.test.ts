import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import type {Browser} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {findBarriers} from "./findBarriers.js";
import {openSharedSite, type SampleSite} from "./sampleSite.js";
import {overflow, untilDrawn, visit} from "./visit.js";

let site: SampleSite;
let folder: string;
let url: string;
let browser: Browser;

beforeAll(async () => {
  site = await openSharedSite("months");
  ({folder, url, browser} = site);
}, 300_000);

afterAll(() => site?.close());

async function pages(): Promise<string[]> {
  const files = await readdir(join(folder, "dist"), {recursive: true});
  return files
    .filter((file) => file.endsWith(".html"))
    .map((file) => file.replace(/\.html$/, ""))
    .sort();
}

describe("every built page", () => {
  it("opens without an error, a dead link or a request to anybody else", async () => {
    const list = await pages();
    expect(list.length).toBeGreaterThan(64);
    const links = new Set<string>();
    const reached = new Set<string>();
    for (const path of list) {
      const {page, wrong} = await visit(site, path);
      expect(wrong, path).toEqual([]);
      expect(await page.locator("h1").count(), path).toBe(1);
      expect(await overflow(page), path).toBeLessThanOrEqual(0);
      expect(await findBarriers(page), path).toEqual([]);
      const found = await page
        .locator("a[href]")
        .evaluateAll((anchors) =>
          anchors.map((anchor) => (anchor as HTMLAnchorElement).href || anchor.getAttribute("href") || ""),
        );
      // A long query stands where other addresses name a place.
      for (const link of found) links.add(link.replace(/\?[^#]*/, "").replace(/#sql=.*/, ""));
      for (const link of found.map((address) => address.replace(/[?#].*/, "")))
        if (link !== url + path) reached.add(link);
      await page.close();
    }
    for (const link of links) {
      if (!link.startsWith(url)) continue;
      const [address = "", place] = link.split("#");
      const response = await fetch(address);
      expect(response.status, link).toBe(200);
      if (place) expect(await response.text(), link).toContain(`id="${place}"`);
    }
    expect(list.filter((path) => !/^(404|index)$/.test(path) && !reached.has(url + path))).toEqual([]);
  }, 480_000);

  const kinds = [
    "index",
    "charts",
    "billing",
    "margin",
    "margin?section=detail",
    "margin?section=unused",
    "work",
    "memo",
    "clients/~c1005",
    "clients/~c1007",
    "history",
    "integrations",
    "mapping",
    "mapping/clients",
    "mapping/services",
    "explore",
    "guide",
  ];
  it("is one of those that are tried in the dark, on a phone and for what they ask for", async () => {
    const missed = (await pages()).filter((path) => !/^(404$|clients\/)/.test(path) && !kinds.includes(path));
    expect(missed).toEqual([]);
  });
  const sections = kinds.filter((path) => path.includes("?"));
  it.each([
    ...kinds.map((path) => [path, "dark", 390] as const),
    // The pages themselves were opened so above.
    ...sections.map((path) => [path, "light", 1440] as const),
  ])("%s has no barrier in %s at %i pixels", async (path, scheme, width) => {
    const {page, wrong} = await visit(site, path, {scheme, width});
    expect(wrong).toEqual([]);
    expect(await findBarriers(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.close();
  });

  it.each(kinds)("%s asks for few files, for code that it needs, and for its data without waiting", async (path) => {
    const page = await browser.newPage();
    const requests: string[] = [];
    page.on("request", (request) => requests.push(request.url()));
    await page.addInitScript(`
      globalThis.fetched = [];
      const get = fetch;
      globalThis.fetch = (address, ...rest) => { fetched.push(String(address)); return get(address, ...rest); };
    `);
    await page.goto(url + path, {waitUntil: "networkidle"});
    const files = [...new Set(requests.map((address) => new URL(address).pathname.slice(1)))];
    expect(files.length, files.join("\n")).toBeLessThanOrEqual(15);

    const scripts = files.filter((file) => file.startsWith("_import/") && file.endsWith(".js"));
    const code = (await Promise.all(scripts.map((file) => readFile(join(folder, "dist", file), "utf8")))).join();
    expect(files.some((file) => file.startsWith("_duckdb/"))).toBe(path === "explore");
    expect(code.includes("cm-editor"), "CodeMirror").toBe(path === "explore");
    expect(code.includes("ZodError"), "Zod").toBe(false);

    const ahead = await page
      .locator("link[rel=preload][as=fetch]")
      .evaluateAll((links) => links.map((link) => (link as HTMLLinkElement).href));
    // What a memo needs follows from its address.
    expect(ahead.length > 0).toBe(path !== "memo");
    expect(((await page.evaluate("fetched")) as string[]).slice(0, ahead.length)).toEqual(ahead);
    expect(requests.filter((address) => ahead.includes(address))).toHaveLength(ahead.length);
    await page.close();
  });
});

describe("Guide", () => {
  it("asks again for what could not be loaded, and says so once at each of its tables", async () => {
    const page = await site.browser.newPage();
    let isDown = true;
    await page.route(/data\/guide.*json/, (route) => (isDown ? route.fulfill({status: 500}) : route.continue()));
    await page.goto(`${site.url}guide`);
    const again = page.getByRole("button", {name: "Try again"});
    await expect.poll(() => again.count()).toBe(3);
    expect(await page.locator(".observablehq--error").count()).toBe(0);
    isDown = false;
    await again.last().click();
    await page.getByRole("columnheader", {name: "Meaning"}).last().waitFor();
    await expect.poll(() => again.count()).toBe(2);
    await page.close();
  });

  it("lists its sections beside them, and leads to each", async () => {
    const {page} = await visit(site, "guide");
    const list = page.getByRole("complementary");
    expect(await list.getByRole("link").count()).toBe(await page.locator("main h2").count());
    await list.getByRole("link", {name: "Flags"}).click();
    expect(page.url()).toMatch(/#flags$/);
    await expect.poll(async () => (await page.getByRole("heading", {name: "Flags"}).boundingBox())?.y).toBeLessThan(60);
    expect((await list.boundingBox())?.y).toBe(0);
    await page.close();
  });
});

it("says so where the scripts of a page do not come, and nothing while they are on their way", async () => {
  const page = await site.browser.newPage();
  await page.route(/_import\/.*\.js/, (route) => route.fulfill({status: 404}));
  await page.goto(`${site.url}work`);
  const said = await page.locator(".observablehq--block").evaluate((block) => {
    const {content, opacity, animationDelay} = getComputedStyle(block, "::before");
    return {content, opacity, animationDelay};
  });
  expect(said).toEqual({
    content: expect.stringContaining("The scripts of this page have not come. Reload the page"),
    opacity: "0",
    animationDelay: "10s",
  });
  await page.close();
});

describe("Charts", () => {
  it("lead by keyboard from a bar and from a cell to the table filtered accordingly", async () => {
    const {page} = await visit(site, "charts");
    await page.getByRole("link", {name: /^Meridian Engineering LLC: /}).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText("1 of 64 clients").waitFor();
    await page.goBack();
    await untilDrawn(page);
    await page
      .getByRole("region", {name: /^Impact by client and service/})
      .getByRole("link")
      .first()
      .focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", {name: /^Remove the filter Service/}).waitFor();
    expect(new URL(page.url()).searchParams.get("client")).not.toBeNull();
    await page.close();
  });
});
