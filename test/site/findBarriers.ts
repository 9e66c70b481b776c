import {readFileSync} from "node:fs";
import type {Page} from "playwright-core";

const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");

/** What axe, with every rule, holds against a page as it stands. */
export async function findBarriers(page: Page): Promise<string[]> {
  // Not as a script of the page, which its policy forbids.
  await page.evaluate(axe);
  return page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: axe is put into the page as a global.
    const {violations} = await (globalThis as any).axe.run(document, {
      resultTypes: ["violations"],
      // The one rule of WCAG 2.2 that axe does not ask for by itself.
      rules: {"target-size": {enabled: true}},
    });
    return violations.flatMap((violation: {id: string; nodes: {html: string}[]}) =>
      violation.nodes.slice(0, 3).map((node) => `${violation.id}: ${node.html.slice(0, 160)}`),
    );
  });
}
