// @vitest-environment jsdom
import {expect, it} from "vitest";
import {memo} from "../../src/components/memo.js";
import type {Adjustment, ClientFile, SeatFile} from "../../src/lib/clientData.js";
import type {Table} from "../../src/lib/rows.js";

type Cells = Readonly<Record<string, string | null>>;

const table = (...rows: Cells[]): Table => {
  const columns = Object.keys(rows[0] ?? {});
  return {columns, rows: rows.map((row) => columns.map((column) => row[column] ?? null))};
};

const change: Cells = {
  ...{adjustment_id: "a", reconciliation_id: "r", decision_state: "decided", currency: "USD", agreement_name: null},
  ...{current_quantity: "20.0000", new_quantity: "17.0000", change_quantity: "-3.0000", unit_price: "120.000000"},
  ...{billing_cycle: "annual", effective_date: "2026-11-30", period_end: "2027-01-01", days_in_period: "365"},
  ...{days_left: "32", monthly_amount: "-30.00", prorated_amount: "-31.56", agreed_amount: null, due_amount: "-31.56"},
  ...{reason: "agreed"},
};

function opened(given: Partial<Adjustment>, work: Cells[] = [], more: Partial<ClientFile> = {}): HTMLElement {
  const empty = ["currencies", "sources", "rules", "groups", "lines", "counted", "flags", "integrations"];
  const file = {
    ...{client_id: "C1", name: "Acme", slug: "~c1", as_of_date: "2026-11-30"},
    ...Object.fromEntries([...empty, "accounts", "months", "changes"].map((name) => [name, table()])),
    rows: table({
      ...{reconciliation_id: "r", service_name: "Mail", included_quantity: "0.0000"},
      ...{service_id: null, product_id: null, connection_ids: null, currency: "USD"},
      ...{invoiced_quantity: "20.0000", expected_quantity: "17.0000", delta_quantity: "-3.0000"},
    }),
    adjustments: table({...change, ...given} as Cells),
    work: table(...work),
    ...more,
  } as unknown as ClientFile;
  const seats = {shared: [], own: [], groups: []} as unknown as SeatFile;
  return memo(file, seats, {workspace: "Test"});
}

/** What the memo says is due of a change once, and for which part of its period. */
function told(given: Partial<Adjustment>): (string | null)[] {
  return [...opened(given).querySelectorAll("tbody td")].slice(-2).map(({textContent}) => textContent);
}

it("says for which days a change is due, and that it was due before where that is so", () => {
  expect(told({})).toEqual(["32 of 365 days, 30 Nov – 31 Dec 2026", "−$31.56"]);
  expect(told({due_amount: "0.00"})).toEqual(["due in another month of the period", "$0.00"]);
  expect(told({agreed_amount: "-25.00", due_amount: "-25.00"})).toEqual(["as agreed", "−$25.00"]);
  expect(told({prorated_amount: null, due_amount: null})).toEqual(["32 of 365 days, 30 Nov – 31 Dec 2026", "no price"]);
});

it("says which quantity was agreed where it is not the counted one", () => {
  const decided = (agreed_quantity: string | null): Cells => ({
    ...{decision_state: "decided", service_id: null, product_id: null, connection_ids: null, currency: "USD"},
    agreed_quantity,
  });
  const counted = (work: Cells[]) => opened({}, work).querySelector(".memo-count p")?.textContent;
  expect(counted([decided("18.0000")])).toBe("17 by this count, 18 agreed, 20 billed.");
  expect(counted([decided(null)])).toBe("17 to be billed, 20 billed.");
});

const notCompared =
  "Nothing of this client could be compared, so nothing is known to be billed or credited. The client’s page says why.";

it.each([
  [["reconciled"], "Nothing is to be billed or credited to this client."],
  [["reconciled", "no_data"], "Of what could be compared, nothing is to be billed or credited to this client."],
  [["no_data"], notCompared],
  [[], notCompared],
])("calls nothing settled that was not compared: %j", (statuses, expected) => {
  const rows = table(...statuses.map((status) => ({reconciliation_id: status, status})));
  expect(opened({}, [], {adjustments: table(), rows}).querySelector(".empty")?.textContent).toBe(expected);
});
