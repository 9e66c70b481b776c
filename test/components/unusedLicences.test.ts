// @vitest-environment jsdom
import {expect, it} from "vitest";
import {type UnusedLicence, unusedLicences} from "../../src/components/unusedLicences.js";
import {exported} from "./exported.js";
import {filtersSet} from "./filtersSet.js";
import {stateOf} from "./stateOf.js";

const licence = (client: string, given: Partial<UnusedLicence> = {}): UnusedLicence => ({
  ...{client_id: client, slug: `~${client}`, client_name: client.toUpperCase(), connection_id: "m365", currency: "USD"},
  ...{product_id: "P1", product_name: "Premium", supplier_ids: null, service_names: "Seats", unit_cost: "20.000000"},
  ...{purchased_quantity: "10.0000", used_quantity: "8.0000", billed_quantity: "7.0000", cost_basis: "licence"},
  ...{unassigned_quantity: "2.0000", unassigned_monthly: "40.00", unbilled_quantity: "3.0000"},
  ...{unbilled_monthly: "60.00", commitment_end: null, is_committed: "false", ...given},
});
const licences = [
  licence("acme", {commitment_end: "2027-03-01", is_committed: "true", supplier_ids: "pax8;tdsynnex"}),
  licence("bolt", {commitment_end: "2026-11-01", unassigned_monthly: "99.50", unbilled_monthly: "0.00"}),
  licence("cora", {unit_cost: null, unassigned_monthly: null, unbilled_monthly: null, connection_id: "duo"}),
  licence("dune", {
    ...{product_name: "Visio", service_names: null, billed_quantity: null, unbilled_quantity: null},
    ...{unbilled_monthly: null, used_quantity: null, unassigned_quantity: null, unassigned_monthly: null},
  }),
];

function shown(address: Record<string, string> = {}): {rows: string[][]; total: string[]; page: HTMLElement} {
  const page = unusedLicences(licences, "USD", stateOf(address));
  const cellsOf = (line: Element): string[] => [...line.children].map(({textContent}) => textContent?.trim() ?? "");
  return {
    ...{page, rows: [...page.querySelectorAll("tbody tr")].map(cellsOf)},
    total: [...page.querySelectorAll("tfoot tr")].flatMap(cellsOf),
  };
}
const named = (address: Record<string, string>): (string | undefined)[] => shown(address).rows.map(([name]) => name);

it("shows what is assigned or billed to nobody, the dearest first, with its last committed day, and adds up either by itself", () => {
  const {rows, total} = shown();
  expect(rows).toEqual([
    ["BOLT", "Premiumm365", "10", "8", "7", "2", "$99.50", "3", "$0.00", "ended 31 Oct 2026"],
    [
      "ACME",
      "Premiumm365, bought from pax8, tdsynnex",
      "10",
      "8",
      "7",
      "2",
      "$40.00",
      "3",
      "$60.00",
      "until 28 Feb 2027",
    ],
    ["CORA", "Premiumduo", "10", "8", "7", "2", "cost unknown", "3", "cost unknown", "unknown"],
    ["DUNE", "Visiom365", "10", "unknown", "unknown", "unknown", "—", "unknown", "—", "unknown"],
  ]);
  expect(total).toEqual(["Total", "", "", "", "", "", "$139.50", "", "$60.00", ""]);
});

it("filters by integration, commitment and what is searched for, and adds up what is left", () => {
  expect(named({integration: "duo"})).toEqual(["CORA"]);
  expect(named({commitment: "committed"})).toEqual(["ACME"]);
  expect(named({commitment: "free"})).toEqual(["BOLT"]);
  expect(named({commitment: "unknown"})).toEqual(["CORA", "DUNE"]);
  expect(named({search: "visio"})).toEqual(["DUNE"]);
  expect(named({search: "seats"})).toEqual(["BOLT", "ACME", "CORA"]);
  expect(shown({commitment: "committed"}).total[6]).toBe("$40.00");
  expect(shown({commitment: "unknown"}).total[6]).toBe("—");
});

it("exports what passes the filters with every column, a commitment by its last day", async () => {
  expect(await exported(shown({commitment: "committed"}).page)).toEqual([
    "client_id,client_name,connection_id,product_id,product_name,supplier_ids,service_names,currency,purchased_quantity,used_quantity,billed_quantity,unassigned_quantity,unassigned_monthly,unbilled_quantity,unbilled_monthly,unit_cost,cost_basis,commitment,commitment_last_day",
    'acme,ACME,m365,P1,Premium,"pax8;tdsynnex",Seats,USD,10.0000,8.0000,7.0000,2.0000,40.00,3.0000,60.00,20.000000,licence,committed,2027-02-28',
  ]);
});

it("shows in its filters what the address asks for", () => {
  expect(filtersSet(shown({search: "a", integration: "m365,duo", commitment: "free,unknown"}).page)).toBe(
    "Search client, product, service: a · Integration: m365, duo · Commitment: Can be reduced now, Unknown",
  );
});
