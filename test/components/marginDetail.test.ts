// @vitest-environment jsdom
import {expect, it} from "vitest";
import {type MarginRow, marginDetail} from "../../src/components/marginDetail.js";
import {exported} from "./exported.js";
import {filtersSet} from "./filtersSet.js";
import {stateOf} from "./stateOf.js";

const row = (client: string, service: string | null, given: Partial<MarginRow> = {}): MarginRow => ({
  ...{client_id: client, slug: `~${client}`, client_name: client.toUpperCase(), service_id: service, currency: "USD"},
  ...{service_name: service === null ? null : `Service ${service}`, connection_id: null, product_id: null},
  ...{product_name: null, invoiced_quantity: "4.0000", used_quantity: "5.0000", revenue_monthly: "100.00"},
  ...{cost_monthly: "60.00", cost_basis: "licence", margin_monthly: "40.00", margin_share: "0.400000"},
  ...{margin_state: "covered", costed_products: "Premium", uncosted_products: null, ...given},
});
const unknown = {cost_monthly: null, cost_basis: null, margin_monthly: null, margin_share: null, costed_products: null};
const rows = [
  row("acme", "A"),
  row("acme", "B", {
    ...{revenue_monthly: "10.00", cost_monthly: "30.10", cost_basis: "service", margin_monthly: "-20.10"},
    ...{margin_share: "-2.010000", margin_state: "below_cost", used_quantity: null},
  }),
  row("bolt", "A", {...unknown, margin_state: "cost_unknown", uncosted_products: "Basic"}),
  row("bolt", null, {...unknown, margin_state: "cost_unknown", revenue_monthly: "7.00"}),
  row("bolt", null, {
    ...{connection_id: "m365", product_id: "P1", product_name: "Visio", revenue_monthly: null, cost_monthly: "9.00"},
    ...{margin_monthly: null, margin_share: null, margin_state: "not_billed", costed_products: "Visio"},
  }),
];

function shown(address: Record<string, string> = {}): {rows: string[][]; total: string[]; page: HTMLElement} {
  const page = marginDetail(rows, "USD", stateOf(address));
  // Of a mark its word, without what explains it.
  const cellsOf = (line: Element): string[] =>
    [...line.children].map((cell) => (cell.querySelector(".mark") ?? cell).textContent?.trim() ?? "");
  return {
    ...{page, rows: [...page.querySelectorAll("tbody tr")].map(cellsOf)},
    total: [...page.querySelectorAll("tfoot tr")].flatMap(cellsOf),
  };
}
const named = (address: Record<string, string>): string[] =>
  shown(address).rows.map(([client, service]) => `${client} ${service}`);

it("shows of each row what is billed, what it costs and what is left, the worst first, and what is not known in words", () => {
  const {rows: lines, total} = shown();
  expect(lines).toEqual([
    [
      "ACME",
      "Service B",
      "4",
      "not counted",
      "$10.00",
      "$30.10",
      "−$20.10",
      "−201.0%",
      "Below cost",
      "service in the PSAPremium",
    ],
    ["ACME", "Service A", "4", "5", "$100.00", "$60.00", "$40.00", "40.0%", "Covered", "its licencesPremium"],
    ["BOLT", "Service A", "4", "5", "$100.00", "unknown", "unknown", "—", "Cost unknown", "cost unknown for Basic"],
    ["BOLT", "Lines without a service", "4", "5", "$7.00", "unknown", "unknown", "—", "Cost unknown", "cost unknown"],
    [
      "BOLT",
      "Visiono service bears it, m365",
      "4",
      "5",
      "no price",
      "$9.00",
      "unknown",
      "—",
      "Not billed",
      "its licences",
    ],
  ]);
  expect(total).toEqual(["Total", "", "", "", "$217.00", "$99.10", "$19.90", "", "", ""]);
});

it("filters by client, service, state and what is searched for, and adds up what is left", () => {
  expect(named({client: "bolt", state: "cost_unknown"})).toEqual(["BOLT Service A", "BOLT Lines without a service"]);
  expect(named({service: "service:A"})).toEqual(["ACME Service A", "BOLT Service A"]);
  expect(named({service: "service:"})).toEqual(["BOLT Lines without a service"]);
  expect(named({search: "visio"})).toEqual(["BOLT Visiono service bears it, m365"]);
  expect(named({search: "basic"})).toEqual(["BOLT Service A"]);
  expect(shown({client: "bolt"}).total.slice(4, 7)).toEqual(["$107.00", "$9.00", "unknown"]);
});

it("shows in its filters what the address asks for, by the names of client and service", () => {
  const told = (address: Record<string, string>) => filtersSet(shown(address).page);
  expect(told({client: "bolt", service: "service:", search: "b", state: "cost_unknown"})).toBe(
    "Client: BOLT · Service: Lines without a service · Search client, service, product: b · Margin: Cost unknown",
  );
  expect(told({client: "gone", service: "service:A"})).toBe("Client: gone · Service: Service A");
});

it("exports what passes the filters with every column", async () => {
  expect(await exported(shown({service: "service:B"}).page)).toEqual([
    "client_id,client_name,service_id,service_name,connection_id,product_id,product_name,currency,invoiced_quantity,used_quantity,revenue_monthly,cost_monthly,cost_basis,margin_monthly,margin_state,costed_products,uncosted_products",
    "acme,ACME,B,Service B,,,,USD,4.0000,,10.00,30.10,service,-20.10,below_cost,Premium,",
  ]);
});
