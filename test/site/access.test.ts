import type {Page} from "playwright-core";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {openSharedSite, type SampleSite} from "./sampleSite.js";

let site: SampleSite;
beforeAll(async () => {
  site = await openSharedSite("months");
}, 300_000);
afterAll(() => site?.close());

type PageOptions = NonNullable<Parameters<SampleSite["browser"]["newPage"]>[0]>;

async function visit(path: string, width = 1440, options: PageOptions = {}): Promise<Page> {
  const page = await site.browser.newPage({viewport: {width, height: 800}, ...options});
  await page.goto(site.url + path);
  await untilDrawn(page);
  return page;
}

async function untilDrawn(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelector("[aria-busy], observablehq-loading") === null &&
      [...document.querySelectorAll(".observablehq--block")].every((block) => block.childElementCount > 0),
  );
}

/** The name of what has the focus; empty where nothing has. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return "";
    return (element.getAttribute("aria-label") ?? element.textContent ?? "").trim().slice(0, 60) || element.tagName;
  });
}

/** Safari gives no focus to buttons, boxes and links that are pressed: what is around them gets it, as from text everywhere. */
const pressedInSafari = `addEventListener("mousedown", (event) => {
  const pressed = event.target.closest("button, a[href], input[type=checkbox]");
  if (pressed === null) return;
  event.preventDefault();
  const around = pressed.parentElement.closest("[tabindex]");
  if (around === null) document.activeElement.blur();
  else around.focus();
})`;

/** What had the focus on the way and lay beneath something else, wherever one looks. */
async function covered(page: Page, key: "Tab" | "Shift+Tab", presses: number): Promise<string[]> {
  const found: string[] = [];
  for (let press = 0; press < presses; press++) {
    await page.keyboard.press(key);
    const isSeen = await page.evaluate(() => {
      const element = document.activeElement as Element;
      const {left, top, width, height} = element.getBoundingClientRect();
      return [0.1, 0.3, 0.5, 0.7, 0.9].some((x) =>
        [0.2, 0.5, 0.8].some((y) => {
          const there = document.elementFromPoint(left + width * x, top + height * y);
          return there !== null && (element.contains(there) || there.contains(element));
        }),
      );
    });
    if (!isSeen) found.push(await focused(page));
  }
  return found;
}

describe("what has the focus", () => {
  it.each([
    ["billing", 1440],
    ["billing", 390],
    ["work", 390],
    ["work", 320],
  ] as const)("lies beneath no head and no first column of a table at /%s, %i pixels wide", async (path, width) => {
    const page = await visit(path, width);
    await page.locator("tbody tr").nth(24).locator("a, button").last().focus();
    expect(await covered(page, "Shift+Tab", 70)).toEqual([]);
    await page.locator("tbody tr").first().locator("a, button").first().focus();
    expect(await covered(page, "Shift+Tab", 10)).toEqual([]);
    await page.close();
  });

  it("lies beneath no preview of edits on a narrow page", async () => {
    const page = await visit("mapping/services", 390);
    await page.getByRole("button", {name: "Edit rule R01", exact: true}).click();
    await page.getByLabel("Why, as a note").fill("as agreed");
    await page.locator(".before-after").first().waitFor();
    await page.getByRole("heading", {level: 1}).evaluate((heading) => heading.scrollIntoView());
    await page.getByLabel("Search product, service").focus();
    expect(await covered(page, "Tab", 70)).toEqual([]);
    await page.close();
  });

  it("stays on the buttons that run and cancel a query", async () => {
    const page = await visit("explore");
    const status = page.locator(".run-status");
    await status.getByText(/rows? in/).waitFor();
    await page.getByRole("button", {name: "Run", exact: true}).focus();
    await page.keyboard.press("Enter");
    await status.getByText(/rows? in/).waitFor();
    expect(await focused(page)).toBe("Run");
    await page.locator(".cm-content").focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.insertText(
      "select count(*) from range(100000000) a(i), range(100000) b(j) where (i * j) % 7 = 3",
    );
    await page.keyboard.press("Control+Enter");
    await status.getByText("Running…").waitFor();
    await page.getByRole("button", {name: "Cancel"}).focus();
    await page.keyboard.press("Enter");
    await status.getByText("Cancelled.").waitFor();
    expect(await focused(page)).toBe("Cancel");
    await page.close();
  });

  it("stays where data is asked for again", async () => {
    const page = await site.browser.newPage();
    let isDown = true;
    await page.route(/data\/work.*json/, (route) => (isDown ? route.abort() : route.continue()));
    await page.goto(`${site.url}work`);
    const again = page.getByRole("button", {name: "Try again"});
    await again.focus();
    await page.keyboard.press("Enter");
    await again.waitFor();
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("Try again");
    isDown = false;
    await page.keyboard.press("Enter");
    await page.getByRole("tab", {name: /^Open/}).waitFor();
    expect(await focused(page)).not.toBe("");
    await page.close();
  });

  it("goes back to what is chosen when Back leads to another currency or list", async () => {
    const page = await visit("");
    await page.getByRole("button", {name: /^EUR/}).press("Enter");
    await page.goBack();
    await expect.poll(() => focused(page)).toMatch(/^USD/);
    await page.goto(`${site.url}history?list=new`);
    await page.getByRole("link", {name: "2 rows of Recovered"}).press("Enter");
    await page.goBack();
    await expect.poll(() => focused(page)).toBe("New (5)");
    await page.close();
  });

  it("stays on Next from page to page, which says what rows there are", async () => {
    const page = await visit("mapping/clients?list=linked");
    const next = page.getByRole("button", {name: "Next"});
    await next.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Enter");
    expect(await focused(page)).toBe("Next");
    const [description] = await next.evaluateAll((buttons) =>
      buttons.map((button) => document.getElementById(button.getAttribute("aria-describedby") ?? "")?.textContent),
    );
    expect(description).toBe("101–150 of 387 rows");
    await page.close();
  });
});

describe("an explanation", () => {
  const shown = (page: Page): Promise<number> => page.getByRole("tooltip").filter({visible: true}).count();

  it("goes with Escape where it is only pointed at, and gives the focus back that its link had", async () => {
    const page = await visit("billing");
    const mark = page.locator("tbody").getByRole("button", {name: "Yellow"}).first();
    await mark.hover();
    expect(await shown(page)).toBe(1);
    await page.keyboard.press("Escape");
    expect(await shown(page)).toBe(0);
    await mark.focus();
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("More in the guide");
    await page.keyboard.press("Escape");
    expect(await shown(page)).toBe(0);
    expect(await focused(page)).toMatch(/Yellow$/);
    await page.close();
  });

  it("stays when the page has to scroll to what it explains, and so does the focus on its link", async () => {
    const page = await visit("clients/~c1061", 390);
    await page.locator(".breakdown summary").first().focus();
    let marks = 0;
    for (let press = 0; press < 60; press++) {
      await page.keyboard.press("Tab");
      await page.evaluate(() => new Promise(requestAnimationFrame));
      await page.evaluate(() => new Promise(requestAnimationFrame));
      const name = await focused(page);
      expect(name).not.toBe("");
      if (!(await page.evaluate(() => document.activeElement?.classList.contains("mark")))) continue;
      marks += 1;
      expect(await shown(page), name).toBe(1);
    }
    expect(marks).toBeGreaterThan(15);
    await page.close();
  });

  it("stays while its text or its link is pressed, also where that gives the link no focus", async () => {
    const page = await visit("billing");
    await page.evaluate(pressedInSafari);
    const mark = page.locator("tbody").getByRole("button", {name: "Yellow"}).first();
    await mark.focus();
    const note = page.getByRole("tooltip").filter({visible: true});
    await note.click();
    await page.mouse.move(5, 5);
    expect(await shown(page)).toBe(1);
    await page.keyboard.press("Escape");
    expect(await shown(page)).toBe(0);
    expect(await focused(page)).toMatch(/Yellow$/);
    await mark.hover();
    await page.getByRole("link", {name: "More in the guide"}).filter({visible: true}).click();
    await page.waitForURL(/\/guide#/);
    await page.close();
  });
});

describe("the choices of a filter", () => {
  it("stay open while one of them is pressed, on its name or its box, also where that gives the box no focus", async () => {
    const page = await visit("billing");
    await page.evaluate(pressedInSafari);
    await page.getByText("Integration: all").click();
    await page.locator("details[open] label", {hasText: "rmm"}).click();
    await page.getByLabel("M365").click();
    expect(new URL(page.url()).searchParams.get("integration")).toBe("rmm,m365");
    await page.getByLabel("Search clients").click();
    expect(await page.getByLabel("M365").isVisible()).toBe(false);
    await page.close();
  });
});

it("shows what an empty field suggests as clearly as its label, and fields to search in as other fields", async () => {
  const page = await visit("mapping/clients");
  const field = page.getByRole("combobox", {name: /client$/}).first();
  const {color, opacity} = await field.evaluate((input) => {
    const {color, opacity} = getComputedStyle(input, "::placeholder");
    return {color, opacity};
  });
  expect(opacity).toBe("1");
  expect(await field.evaluate((input) => getComputedStyle(input.previousElementSibling as Element).color)).toBe(color);
  const search = page.getByLabel("Search account, domain, client");
  expect(await search.evaluate((input) => getComputedStyle(input).appearance)).toBe("textfield");
  await page.close();
});

describe("suggestions for a field", () => {
  it("are taken when the pointer lets go of one, and not where it was moved away", async () => {
    const page = await visit("mapping/clients");
    const field = page.getByRole("combobox", {name: /client$/}).first();
    const option = page.getByRole("option", {name: /^Alder Dental LLC/});
    await field.click();
    const {x, y} = (await option.boundingBox()) ?? {x: 0, y: 0};
    await page.mouse.move(x + 20, y + 10);
    await page.mouse.down();
    await page.mouse.move(5, 5);
    await page.mouse.up();
    expect(await field.inputValue()).toBe("");
    await field.click();
    await option.click();
    expect(await field.inputValue()).toBe("Alder Dental LLC");
    expect(await field.evaluate((input) => input === document.activeElement)).toBe(true);
    await page.close();
  });

  it("are left with one Tab, and have an edge around the one that the arrows point at", async () => {
    const page = await visit("mapping/clients");
    const field = page.getByRole("combobox", {name: /client$/}).first();
    await field.focus();
    await page.keyboard.press("ArrowDown");
    const pointed = page.locator('[role="option"][aria-selected="true"]');
    expect(await pointed.evaluate((option) => getComputedStyle(option).outlineStyle)).toBe("solid");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("INPUT");
    await page.close();
  });
});

describe("forced colours", () => {
  const edge = (page: Page, selector: string): Promise<string> =>
    page
      .locator(selector)
      .first()
      .evaluate((element) => getComputedStyle(element).borderBottomColor);

  it.each(["light", "dark"] as const)("on %s tell what is chosen from what is not, and keep keys", async (scheme) => {
    const page = await visit("billing", 1440, {forcedColors: "active", colorScheme: scheme});
    const ground = await page.locator("body").evaluate((body) => getComputedStyle(body).backgroundColor);
    for (const [chosen, other] of [
      ["nav [aria-current]", "nav a:not([aria-current])"],
      ['[role="tab"][aria-selected="true"]', '[role="tab"][aria-selected="false"]'],
    ] as const) {
      expect(await edge(page, other)).toBe(ground);
      expect(await edge(page, chosen)).not.toBe(ground);
    }
    await page.goto(`${site.url}charts`);
    await untilDrawn(page);
    const fill = (selector: string): Promise<string> =>
      page
        .locator(selector)
        .first()
        .evaluate((element) => getComputedStyle(element).backgroundColor);
    for (const key of [".under-key", ".dot-key", '.currencies [aria-pressed="true"]']) {
      expect(await fill(key), key).not.toBe(ground);
    }
    await page.close();
  });
});

describe("filters", () => {
  it.each([
    ["history", "Search client", "elm", /^\d+ discrepanc(y|ies) in Nov 2026$/],
    ["mapping/clients", "Search account, domain, client", "marine", /^Unlinked \(1\), Look wrong \(0\), Linked/],
    ["mapping/services", "Search product, service", "premium", /^\d+ products?$/],
    ["mapping/services?view=services", "Search product, service", "premium", /^\d+ services?$/],
  ] as const)("of %s say what passes them", async (path, label, text, expected) => {
    const page = await visit(path);
    await page.getByLabel(label).fill(text);
    expect(await page.getByRole("search").getByRole("status").textContent()).toMatch(expected);
    await page.close();
  });

  it("say nothing again that is as it was", async () => {
    const page = await visit("billing?search=zz");
    const said = page.getByRole("status").filter({hasText: "0 of 64 clients"});
    await said.evaluate((place) => {
      place.setAttribute("data-changes", "0");
      new MutationObserver((changes) => {
        place.setAttribute("data-changes", String(Number(place.getAttribute("data-changes")) + changes.length));
      }).observe(place, {childList: true, characterData: true, subtree: true});
    });
    await page.getByLabel("Search clients").fill("zzz");
    await page.getByLabel("Search clients").fill("zzzz");
    expect(await said.getAttribute("data-changes")).toBe("0");
    await page.close();
  });
});

it.each(["clients/~c1061", "memo?client=~c1061&show=all"])(
  "has tables and regions of /%s with names of their own",
  async (path) => {
    const page = await visit(path);
    await page.locator("main details").evaluateAll((all) => {
      for (const details of all as HTMLDetailsElement[]) details.open = true;
    });
    const names = (selector: string): Promise<string[]> =>
      page
        .locator(selector)
        .evaluateAll((all) =>
          all.map((one) => one.getAttribute("aria-label") ?? one.querySelector(":scope > caption")?.textContent ?? ""),
        );
    for (const selector of ["main table", "main .table-scroll[role=region]"]) {
      const found = await names(selector);
      expect(found).not.toContain("");
      expect(found.filter((name, index) => found.indexOf(name) !== index)).toEqual([]);
    }
    await page.close();
  },
);

describe("a window of 320 pixels", () => {
  it.each(["clients/~c1005", "integrations", "memo?client=~c1005", "guide", "margin"])(
    "holds /%s, also with the distances between letters, words and lines that a reader sets",
    async (path) => {
      const page = await visit(path, 320);
      const overflow = (): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      await page.locator("main details").evaluateAll((all) => {
        for (const details of all as HTMLDetailsElement[]) details.open = true;
      });
      expect(await overflow()).toBeLessThanOrEqual(0);
      await page.evaluate(() => {
        const distances = new CSSStyleSheet();
        distances.replaceSync(
          "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }",
        );
        document.adoptedStyleSheets = [distances];
      });
      expect(await overflow()).toBeLessThanOrEqual(0);
      await page.close();
    },
  );
});
