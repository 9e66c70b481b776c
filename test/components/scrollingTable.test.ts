// @vitest-environment jsdom
import {html} from "htl";
import {expect, it} from "vitest";
import {scrollingTable} from "../../src/components/scrollingTable.js";

it.each([
  [[], "Invoices"],
  [["Invoices of Acme"], "Invoices of Acme"],
])("is a table with a name in a region that the keyboard reaches, named like it or as told: %j", (label, name) => {
  const rows = html.fragment`<tbody><tr><th scope="row">I-1</th></tr></tbody>`;
  const region = scrollingTable("Invoices", rows, ...label);
  expect([region.getAttribute("role"), region.getAttribute("aria-label"), region.tabIndex]).toEqual([
    ...["region", name, 0],
  ]);
  expect(region.querySelector("table > caption")?.textContent).toBe("Invoices");
  expect(region.querySelector("table > tbody th")?.textContent).toBe("I-1");
});
