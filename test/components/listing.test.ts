// @vitest-environment jsdom
import {expect, it} from "vitest";
import {listing} from "../../src/components/listing.js";
import {stateOf} from "./stateOf.js";

const rows = Array.from({length: 120}, (_, index) => ({id: index + 1}));

function open(values: Record<string, string>): HTMLElement {
  return listing<{id: number}>({
    ...{caption: "Clients", noun: "client", filters: [], csv: [], file: "clients", empty: "None."},
    ...{select: () => rows, total: rows.length, sort: "-id", state: stateOf(values)},
    columns: () => [
      {key: "id", label: "Id", isNumber: true, render: ({id}) => String(id), sortValue: ({id}) => id},
      {key: "do", label: "Do", isAction: true, render: () => "", sortValue: () => null},
    ],
  });
}

const first = (page: HTMLElement) => page.querySelector("tbody th")?.textContent;

it.each([
  [{}, "120", "1–50 of 120 rows"],
  [{page: "2"}, "70", "51–100 of 120 rows"],
  [{page: "999"}, "20", "101–120 of 120 rows"],
  [{page: "abc"}, "120", "1–50 of 120 rows"],
  [{page: "1.5"}, "120", "1–50 of 120 rows"],
])("shows the page that the address asks for, or one that there is: %j", (values, row, shown) => {
  const page = open(values as Record<string, string>);
  expect(first(page)).toBe(row);
  expect(page.querySelector(".pager span")?.textContent).toBe(shown);
});

it.each(["none", "-", "-do"])("sorts as ever by a column that there is not: %s", (sort) => {
  const page = open({sort});
  expect(first(page)).toBe("120");
  expect(page.querySelector("th[aria-sort]")?.getAttribute("aria-sort")).toBe("descending");
});
