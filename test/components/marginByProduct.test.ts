// @vitest-environment jsdom
import {expect, it} from "vitest";
import {type MarginProduct, marginByProduct} from "../../src/components/marginByProduct.js";
import {exported} from "./exported.js";
import {filtersSet} from "./filtersSet.js";
import {stateOf} from "./stateOf.js";

const product = (id: string, given: Partial<MarginProduct>): MarginProduct => ({
  ...{connection_id: "m365", product_id: id, product_name: `Product ${id}`, currency: "USD", client_count: "3"},
  ...{quantity: "12.0000", costed_revenue: "200.00", cost: "150.00", margin: "50.00", uncosted_count: "0"},
  ...{unpriced_count: "0", ...given},
});
const products = [
  product("A", {}),
  product("B", {connection_id: "rmm", costed_revenue: "10.00", cost: "30.10", margin: "-20.10", unpriced_count: "1"}),
  product("C", {client_count: "2", costed_revenue: null, cost: null, margin: null, uncosted_count: "2"}),
  product("D", {costed_revenue: null, cost: null, margin: null, uncosted_count: "1", unpriced_count: "2"}),
];

function shown(address: Record<string, string> = {}): {rows: string[][]; total: string[]; page: HTMLElement} {
  const page = marginByProduct(products, "USD", stateOf(address));
  const cellsOf = (line: Element): string[] => [...line.children].map(({textContent}) => textContent?.trim() ?? "");
  return {
    ...{page, rows: [...page.querySelectorAll("tbody tr")].map(cellsOf)},
    total: [...page.querySelectorAll("tfoot tr")].flatMap(cellsOf),
  };
}

it("adds up what is known of products, the largest margin first, and says what is left out", () => {
  const {rows, total} = shown();
  expect(rows).toEqual([
    ["Product Am365", "3", "12", "$200.00", "$150.00", "$50.00", "25.0%", "—"],
    ["Product Brmm", "3", "12", "$10.00", "$30.10", "−$20.10", "−201.0%", "revenue unknown for 1 client"],
    ["Product Cm365", "2", "12", "unknown", "cost unknown", "unknown", "—", "cost unknown for 2 clients"],
    [
      "Product Dm365",
      "3",
      "12",
      "unknown",
      "unknown",
      "unknown",
      "—",
      "cost unknown for 1 client, revenue unknown for 2 clients",
    ],
  ]);
  expect(total).toEqual(["Total", "", "", "$210.00", "$180.10", "$29.90", "14.2%", ""]);
});

it("adds up the rows that pass the filters alone", () => {
  const named = (address: Record<string, string>) => shown(address).rows.map(([name]) => name);
  expect(named({integration: "rmm"})).toEqual(["Product Brmm"]);
  expect(named({unknown: "1"})).toEqual(["Product Cm365", "Product Dm365"]);
  expect(named({search: "product d"})).toEqual(["Product Dm365"]);
  expect(shown({integration: "rmm"}).total.slice(3, 7)).toEqual(["$10.00", "$30.10", "−$20.10", "−201.0%"]);
});

it("sorts by what is left out, costs and revenues together", () => {
  expect(shown({sort: "-open"}).rows.map(([name]) => name?.slice(0, 9))).toEqual([
    ...["Product D", "Product C", "Product B", "Product A"],
  ]);
});

it("exports what passes the filters with every column", async () => {
  expect(await exported(shown({integration: "rmm"}).page)).toEqual([
    "connection_id,product_id,product_name,currency,client_count,quantity,costed_revenue_monthly,cost_monthly,margin_monthly,uncosted_count,unpriced_count",
    "rmm,B,Product B,USD,3,12.0000,10.00,30.10,-20.10,0,1",
  ]);
});

it("shows in its filters what the address asks for", () => {
  expect(filtersSet(shown({search: "product", integration: "m365", unknown: "1"}).page)).toBe(
    "Search products: product · Integration: m365 · Only with an unknown cost",
  );
});
