// @vitest-environment jsdom
import {html} from "htl";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {drawAddressed} from "../../src/components/addressedTable.js";
import {dataTable, type TableColumn, type TableOptions} from "../../src/components/dataTable.js";
import {urlState} from "../../src/lib/urlState.js";

interface Row {
  readonly name: string;
  readonly amount: number;
  readonly currency: string;
}

beforeEach(() => history.replaceState(null, "", "/billing"));
afterEach(() => {
  document.body.replaceChildren();
  delete document.documentElement.dataset.currency;
});

const rowOf = (index: number): Row => ({name: `client ${index}`, amount: index, currency: "USD"});
const some = (length: number): Row[] => Array.from({length}, (_, index) => rowOf(index + 1));

const columns: readonly TableColumn<Row>[] = [
  {key: "name", label: "Client", isLong: true, render: ({name}) => name, sortValue: ({name}) => name, foot: "Total"},
  {
    ...{key: "amount", label: "Amount", note: "per month", isNumber: true, foot: "9"},
    ...{render: ({amount}) => String(amount), sortValue: ({amount}) => amount, currencyOf: ({currency}) => currency},
  },
  {key: "amount_due", label: "Due", render: () => "", sortValue: () => null},
  {key: "do", label: "Decide", isAction: true, render: () => html`<button>Decide</button>`, sortValue: () => null},
];

/** A table in the page, with what was asked of it. */
function shown(options: Partial<TableOptions<Row>> = {}): {table: HTMLElement; asked: (string | number)[]} {
  const asked: (string | number)[] = [];
  const table = dataTable({
    ...{caption: "Clients", columns, rows: some(3), sort: "name", page: 0, empty: "Nobody."},
    ...{onSort: (sort) => asked.push(sort), onPage: (page) => asked.push(page), ...options},
  });
  document.body.append(table);
  return {table, asked};
}

const textsOf = (place: HTMLElement, selector: string): (string | null)[] =>
  [...place.querySelectorAll(selector)].map(({textContent}) => textContent);
const button = (place: HTMLElement, selector: string): HTMLButtonElement =>
  place.querySelector(selector) as HTMLButtonElement;
const print = (event: "beforeprint" | "afterprint"): boolean => window.dispatchEvent(new Event(event));

it("says instead of an empty table why there is none", () => {
  const {table} = shown({rows: []});
  expect([table.textContent, table.querySelector("table")]).toEqual(["Nobody.", null]);
});

it("marks what each cell is: the row's name, numbers, long texts and what can be done", () => {
  const {table} = shown();
  const cells = [...table.querySelectorAll("tbody tr:first-child > *")];
  expect(cells.map((one) => [one.tagName, one.getAttribute("scope"), one.className])).toEqual([
    ["TH", "row", "long"],
    ["TD", null, "number"],
    ["TD", null, ""],
    ["TD", null, "action"],
  ]);
  expect(textsOf(table, "thead small")).toEqual(["per month"]);
});

describe("a header", () => {
  const press = (sort: string, key: string): (string | number)[] => {
    const {table, asked} = shown({sort});
    button(table, `[data-sort=${key}]`).click();
    return asked;
  };

  it("sorts texts from A on and numbers from the largest, and the other way when asked again", () => {
    expect([press("amount_due", "name"), press("name", "name"), press("-name", "name")]).toEqual([
      ...[["name"], ["-name"], ["name"]],
    ]);
    expect([press("name", "amount"), press("-amount", "amount"), press("amount", "amount")]).toEqual([
      ...[["-amount"], ["amount"], ["-amount"]],
    ]);
  });

  it.each([
    ["amount", [null, "ascending", null, null], ["", "↑", ""]],
    ["-amount", [null, "descending", null, null], ["", "↓", ""]],
    ["amount_due", [null, null, "ascending", null], ["", "", "↑"]],
  ])("shows of the sorted column alone which way: %s", (sort, orders, arrows) => {
    const {table} = shown({sort});
    const heads = [...table.querySelectorAll("thead th")];
    expect(heads.map((head) => head.getAttribute("aria-sort"))).toEqual(orders);
    expect(textsOf(table, "thead .arrow")).toEqual(arrows);
  });

  it("offers nothing to sort by where something can be done", () => {
    const {table} = shown();
    expect(table.querySelector("thead th.action")?.textContent).toBe("Decide");
    expect(textsOf(table, "thead button")).toEqual(["Client↑", "Amount", "Due"]);
  });
});

it("keeps amounts of several currencies apart, the workspace's first, and says so", () => {
  document.documentElement.dataset.currency = "USD";
  const rows = [
    {name: "a", amount: 5, currency: "EUR"},
    {name: "b", amount: 2, currency: "USD"},
    {name: "c", amount: 3, currency: "USD"},
  ];
  const {table} = shown({rows, sort: "-amount"});
  expect(textsOf(table, "tbody th")).toEqual(["c", "b", "a"]);
  expect(table.querySelector(".sort-note")?.textContent).toBe(
    "Amounts are sorted within each currency: USD, then EUR.",
  );
  expect(shown({rows, sort: "name"}).table.querySelector(".sort-note")).toBeNull();
});

it("leads by keyboard once to each explanation, also where two have the same word", () => {
  const tip = (note: string): Node =>
    html`<span class="tip"><a class="mark" href="#">Stale</a><span>${note}</span></span>`;
  const notes = ["Since Monday.", "Since Monday.", "Since June."];
  const [first] = columns as [TableColumn<Row>];
  const marked = {...first, render: ({amount}: Row) => tip(notes[amount - 1] ?? "")};
  const {table} = shown({columns: [marked]});
  expect([...table.querySelectorAll<HTMLElement>("tbody .mark")].map(({tabIndex}) => tabIndex)).toEqual([0, -1, 0]);
});

describe("pages", () => {
  const shownOf = (table: HTMLElement): unknown[] => [
    table.querySelector(".pager span")?.textContent,
    ...["previous", "next"].map((way) => button(table, `[data-page=${way}]`).disabled),
  ];

  it("are turned as far as there are any, and a total is said to be of all", () => {
    const first = shown({rows: some(120)});
    expect(shownOf(first.table)).toEqual(["1–50 of 120 rows", true, false]);
    expect(textsOf(first.table, "tfoot tr > *")).toEqual(["Totalof all 120 rows", "9", "", ""]);
    button(first.table, "[data-page=next]").click();
    const last = shown({rows: some(120), page: 2});
    expect(shownOf(last.table)).toEqual(["101–120 of 120 rows", false, true]);
    button(last.table, "[data-page=previous]").click();
    expect([first.asked, last.asked]).toEqual([[1], [1]]);
    expect(shownOf(shown({rows: some(120), page: -1}).table)).toEqual(shownOf(first.table));
  });

  it("are none where all rows stand on one", () => {
    const {table} = shown({rows: some(50)});
    expect(table.querySelector(".pager")).toBeNull();
    expect(textsOf(table, "tfoot tr > *")).toEqual(["Total", "9", "", ""]);
  });

  it("say to whoever hears a button which rows are shown, each table its own", () => {
    shown({rows: some(120)});
    shown({rows: some(60)});
    const said = [...document.querySelectorAll("[data-page=next]")].map(
      (next) => document.getElementById(next.getAttribute("aria-describedby") ?? "")?.textContent,
    );
    expect(said).toEqual(["1–50 of 120 rows", "1–50 of 60 rows"]);
  });

  it("leave one on the button that was pressed, or on the other one where there is no further page", () => {
    const place = document.createElement("div");
    document.body.append(place);
    drawAddressed(place, {
      ...{caption: "Clients", columns, rows: some(120), empty: "Nobody.", usualSort: "name", state: urlState()},
    });
    const press = (selector: string): string | undefined => {
      button(place, selector).click();
      const {page, sort} = (document.activeElement as HTMLElement).dataset;
      return page ?? sort;
    };
    expect(press("[data-page=next]")).toBe("next");
    expect(press("[data-page=next]")).toBe("previous");
    expect(press("[data-page=previous]")).toBe("previous");
    expect(press("[data-page=previous]")).toBe("next");
    expect([press("[data-sort=amount]"), location.search]).toEqual(["amount", "?sort=-amount"]);
  });
});

it("has on paper no buttons in its head, the first rows, and no word of totals where there are none", () => {
  const [name, amount] = columns as [TableColumn<Row>, TableColumn<Row>];
  const {table} = shown({columns: [name, amount], rows: some(2100), sort: "amount", page: 7});
  const {foot: _, ...bare} = name;
  const other = shown({columns: [bare], rows: some(2100)}).table;
  print("beforeprint");
  expect(textsOf(table, "thead button")).toEqual([]);
  expect(textsOf(table, "thead th")).toEqual(["Client ", "Amount ↑per month"]);
  expect(table.querySelector("tbody th")?.textContent).toBe("client 1");
  expect(table.querySelector("tfoot")?.textContent).toBe("Total9");
  expect(table.querySelector(".pager")).toBeNull();
  expect(other.querySelector(".cut-off")?.textContent).toBe(
    "The first 2,000 of 2,100 rows. The file of Export CSV has all.",
  );
  print("afterprint");
});
