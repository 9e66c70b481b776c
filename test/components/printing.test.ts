// @vitest-environment jsdom
import {afterEach, beforeEach, expect, it} from "vitest";
import {dataTable} from "../../src/components/dataTable.js";
import {type Filter, filterBar} from "../../src/components/filters.js";
import {urlState} from "../../src/lib/urlState.js";

beforeEach(() => history.replaceState(null, "", "/billing"));
afterEach(() => document.body.replaceChildren());

function table(length: number, page = 0): HTMLElement {
  const foot = document.createElement("b");
  foot.textContent = "Total";
  const element = dataTable<number>({
    ...{caption: "Numbers", sort: "-number", onSort: () => {}, page, onPage: () => {}, empty: "None."},
    columns: [{key: "number", label: "Number", render: (row) => String(row), sortValue: (row) => row, foot}],
    rows: Array.from({length}, (_, index) => index),
  });
  document.body.append(element);
  return element;
}

const rowsOf = (element: HTMLElement): number => element.querySelectorAll("tbody tr").length;
const print = (event: "beforeprint" | "afterprint"): boolean => window.dispatchEvent(new Event(event));

it("has all rows on paper, and the page that was open on the screen again afterwards", () => {
  const element = table(130, 1);
  const next = element.querySelector<HTMLButtonElement>('[data-page="next"]');
  next?.focus();
  print("beforeprint");
  expect(rowsOf(element)).toBe(130);
  expect(element.querySelector("tbody th")?.textContent).toBe("129");
  expect(element.querySelector("tfoot")?.textContent).toBe("Total");
  expect(element.querySelector(".pager, .cut-off")).toBeNull();
  print("afterprint");
  expect(rowsOf(element)).toBe(50);
  expect(element.querySelector("tbody th")?.textContent).toBe("79");
  expect(element.querySelector("tfoot")?.textContent).toBe("Totalof all 130 rows");
  expect(document.activeElement).toBe(next);
});

it("says on paper what is left out where there are too many rows", () => {
  const element = table(10_432);
  print("beforeprint");
  expect(rowsOf(element)).toBe(2000);
  expect(element.querySelector(".cut-off")?.textContent).toBe(
    "The first 2,000 of 10,432 rows. Totals are of all of them. The file of Export CSV has all.",
  );
  print("afterprint");
  expect(element.querySelector(".cut-off")).toBeNull();
});

it("may be told twice that printing begins", () => {
  const element = table(60);
  print("beforeprint");
  print("beforeprint");
  expect(rowsOf(element)).toBe(60);
  print("afterprint");
  expect(rowsOf(element)).toBe(50);
});

it("says on paper which filters are set", () => {
  history.replaceState(null, "", "/billing?client=C1&search=acme&type=estimated,unmapped&flagged=1&direction=under");
  const filters: readonly Filter[] = [
    {kind: "chip", name: "client", label: (id) => `Client: ${id === "C1" ? "Acme" : id}`},
    {kind: "search", name: "search", label: "Search clients"},
    {kind: "one", name: "direction", label: "Direction", options: [{value: "under", label: "Underbilled"}]},
    {
      ...{kind: "several", name: "type", label: "Type"},
      options: ["calculated", "estimated", "unmapped"].map((value) => ({value, label: value.toUpperCase()})),
    },
    {kind: "minimum", name: "minimum", label: "Minimum amount"},
    {kind: "toggle", name: "flagged", label: "Only flagged"},
  ];
  const bar = filterBar(filters, urlState(), () => {});
  document.body.append(bar);
  const told = bar.querySelector(".filters-set");
  print("beforeprint");
  expect(told?.textContent).toBe(
    "Client: Acme · Search clients: acme · Direction: Underbilled · Type: ESTIMATED, UNMAPPED · Only flagged",
  );
  print("afterprint");
  expect(told?.textContent).toBe("");
  bar.querySelector<HTMLButtonElement>(".clear")?.click();
  print("beforeprint");
  expect(told?.textContent).toBe("");
  print("afterprint");
});
