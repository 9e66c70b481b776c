// @vitest-environment jsdom
import {expect, it} from "vitest";
import {type MarginGroup, marginByGroup} from "../../src/components/marginByGroup.js";
import {exported} from "./exported.js";
import {filtersSet} from "./filtersSet.js";
import {stateOf} from "./stateOf.js";

const group = (
  id: string,
  revenue: string,
  costed: string | null,
  cost: string | null,
  margin: string | null,
  given = {},
): MarginGroup => ({
  ...{id, label: id.toUpperCase(), currency: "USD", revenue, costed_revenue: costed, cost, margin},
  ...{uncosted_revenue: "0.00", below_cost_count: "0", ...given},
});
const groups = [
  group("acme", "100.00", "100.00", "60.00", "40.00"),
  group("bolt", "50.00", "30.00", "40.10", "-10.10", {uncosted_revenue: "20.00", below_cost_count: "2"}),
  group("cora", "7.00", null, null, null, {uncosted_revenue: "7.00"}),
];

/** The cells of the rows that are shown, and of their total. */
function table(address: Record<string, string> = {}): {rows: string[][]; total: string[]} {
  const page = marginByGroup("client", groups, "USD", stateOf(address));
  const cellsOf = (row: Element): string[] => [...row.children].map(({textContent}) => textContent?.trim() ?? "");
  return {
    rows: [...page.querySelectorAll("tbody tr")].map(cellsOf),
    total: [...page.querySelectorAll("tfoot tr")].flatMap(cellsOf),
  };
}

it("adds up what is known, and shares margin by the revenue whose cost is known", () => {
  const {rows, total} = table();
  expect(rows.map(([name]) => name)).toEqual(["ACME", "BOLT", "CORA"]);
  expect(rows[2]).toEqual(["CORA", "$7.00", "unknown", "unknown", "—", "$7.00", "0"]);
  expect(total).toEqual(["Total", "$157.00", "$100.10", "$29.90", "23.0%", "$27.00", "2"]);
});

it("adds up the rows that are shown alone", () => {
  expect(table({below: "true"}).rows.map(([name]) => name)).toEqual(["BOLT"]);
  expect(table({unknown: "true"}).rows.map(([name]) => name)).toEqual(["BOLT", "CORA"]);
  expect(table({search: "cor"}).total).toEqual(["Total", "$7.00", "unknown", "unknown", "—", "$7.00", "0"]);
});

it("sorts a client whose credits exceed what is billed where its share is not known, not among the shares", () => {
  const credited = group("dune", "-10.00", "-10.00", "2.00", "-12.00");
  const page = marginByGroup("client", [credited, ...groups], "USD", stateOf({sort: "-share"}));
  const shown = [...page.querySelectorAll("tbody tr")].map(({children}) => [
    children[0]?.textContent,
    children[4]?.textContent,
  ]);
  expect(shown).toEqual([
    ["ACME", "40.0%"],
    ["BOLT", "−33.7%"],
    ["DUNE", "—"],
    ["CORA", "—"],
  ]);
});

it("leads from each figure to the rows that it is of, in the currency that is shown", () => {
  const page = marginByGroup("client", groups, "USD", stateOf({search: "bolt"}));
  expect([...page.querySelectorAll("tbody a")].map((link) => link.getAttribute("href"))).toEqual([
    "./margin?section=detail&client=bolt&currency=USD",
    "./margin?section=detail&client=bolt&currency=USD&state=cost_unknown",
    "./margin?section=detail&client=bolt&currency=USD&state=below_cost",
  ]);
});

it("leads from lines without a service to these alone", () => {
  const page = marginByGroup("service", [group("", "20.00", null, null, null), ...groups], "USD", stateOf());
  const links = [...page.querySelectorAll("tbody th a")].map((link) => link.getAttribute("href"));
  expect(links.sort()).toEqual([
    "./margin?section=detail&service=service%3A&currency=USD",
    "./margin?section=detail&service=service%3Aacme&currency=USD",
    "./margin?section=detail&service=service%3Abolt&currency=USD",
    "./margin?section=detail&service=service%3Acora&currency=USD",
  ]);
});

it("shows in its filters what the address asks for", () => {
  const page = marginByGroup("client", groups, "USD", stateOf({search: "o", below: "1", unknown: "1"}));
  expect(filtersSet(page)).toBe("Search clients: o · Only with something below cost · Only with an unknown cost");
});

it("exports what passes the filters with every column", async () => {
  expect(await exported(marginByGroup("service", groups, "USD", stateOf({search: "bolt"})))).toEqual([
    "service_id,service_name,currency,revenue_monthly,costed_revenue_monthly,cost_monthly,margin_monthly,uncosted_revenue_monthly,below_cost_count",
    "bolt,BOLT,USD,50.00,30.00,40.10,-10.10,20.00,2",
  ]);
});
