import {expect, it} from "vitest";
import {describeChange} from "../../../loaders/map/describeChange.js";
import type {Change, ClientChange, MoneyChange} from "../../../src/lib/compareFigures.js";
import type {ReconciliationRow} from "../../../src/lib/figures.js";

const same = <T>(value: T) => ({before: value, after: value});

const dollars: MoneyChange = {
  currency: "USD",
  underbilled: {before: "9.90", after: "1210.00"},
  overbilled: {before: "36.00", after: "0.00"},
  coverageLines: {before: "0.500000", after: "0.999900"},
  coverageAmount: {before: null, after: "1.000000"},
  discrepancies: {before: 3, after: 12},
  unpriced: {before: 2, after: 1},
};

const nothing: Change = {
  ...{money: [dollars], unlinkedAccounts: same(4), unaccountedSeats: {before: 40, after: 0}},
  ...{clients: [], appeared: [], vanished: [], changed: []},
};

const row = (given: Partial<ReconciliationRow>) =>
  ({
    ...{client_name: "Acme", service_name: "Mail", product_name: "Exchange", currency: "USD"},
    ...{
      invoiced_quantity: "20.0000",
      expected_quantity: "24.5000",
      impact_monthly: "54.00",
      likely_cause: "billing_gap",
    },
    ...given,
  }) as ReconciliationRow;

it("tells totals before and after, and what they change by", () => {
  expect(describeChange(nothing)).toEqual([
    "                             before  after    change",
    "USD underbilled a month      9.90    1210.00  +1200.10",
    "USD overbilled a month       36.00   0.00     -36.00",
    "USD discrepancies            3       12       +9",
    "USD of them without a price  2       1        -1",
    "USD lines compared           50.0%   99.9%",
    "USD amount compared          —       100.0%",
    "unlinked accounts            4       4",
    "unaccounted seats            40      0        -40",
  ]);
});

it("tells of each client what moves, and which discrepancies come, go and move", () => {
  const clients = [
    {...dollars, clientId: "C1", clientName: "Acme", overbilled: same("5.00"), discrepancies: {before: 0, after: 1}},
  ] as unknown as ClientChange[];
  const change: Change = {
    ...nothing,
    clients,
    appeared: [{before: null, after: row({impact_monthly: null, likely_cause: null, expected_quantity: null})}],
    vanished: [
      {before: row({service_name: null}), after: null},
      {before: row({service_name: null, product_name: null, currency: "EUR"}), after: null},
    ],
    changed: [{before: row({}), after: row({expected_quantity: "10.0000", impact_monthly: "-120.00"})}],
  };
  expect(describeChange(change).slice(9)).toEqual([
    "",
    "Clients: 1",
    "  Acme (C1)  USD  under 9.90 → 1210.00  over 5.00  discrepancies 0 → 1",
    "",
    "Discrepancies that appear: 1",
    "  Acme  Mail  billed 20, expected unknown  no price",
    "",
    "Discrepancies that vanish: 2",
    "  Acme  Exchange      billed 20, expected 24.5  USD 54.00  billing gap",
    "  Acme  (no service)  billed 20, expected 24.5  EUR 54.00  billing gap",
    "",
    "Discrepancies that change: 1",
    "  Acme  Mail  billed 20, expected 24.5  USD 54.00  billing gap  →  billed 20, expected 10  USD -120.00  billing gap",
  ]);
});

it("says what becomes of a discrepancy that vanishes: not compared is not settled", () => {
  const vanished = ["not_reconciled", "no_data", "reconciled"].map((status) => ({
    before: row({}),
    after: row({status}),
  }));
  expect(describeChange({...nothing, vanished}).slice(9)).toEqual([
    "",
    "Discrepancies that vanish: 3",
    "  Acme  Mail  billed 20, expected 24.5  USD 54.00  billing gap  → not reconciled",
    "  Acme  Mail  billed 20, expected 24.5  USD 54.00  billing gap  → no data",
    "  Acme  Mail  billed 20, expected 24.5  USD 54.00  billing gap  → reconciled",
  ]);
});

it("lists the first twenty of many, and says how many more there are", () => {
  const appeared = Array.from({length: 22}, (_, index) => ({before: null, after: row({client_name: `C${index}`})}));
  const lines = describeChange({...nothing, appeared}).slice(9);
  expect(lines.slice(0, 3)).toEqual(["", "Discrepancies that appear: 22", expect.stringMatching(/^ {2}C0 /)]);
  expect(lines.slice(-2)).toEqual([expect.stringMatching(/^ {2}C19 /), "  and 2 more (--json has all)"]);
  const twenty = describeChange({...nothing, appeared: appeared.slice(2)});
  expect(twenty.at(-1)).toMatch(/^ {2}C21 /);
});

it("keeps a discrepancy on its line and in its columns, whatever names are made of", () => {
  const names = ["Acme", "山田工業", "Café ☕", "Two\nlines\u001b[31m"];
  const appeared = names.map((client_name) => ({before: null, after: row({client_name})}));
  const rest = "Mail  billed 20, expected 24.5  USD 54.00  billing gap";
  expect(describeChange({...nothing, appeared}).slice(-4)).toEqual([
    `  Acme            ${rest}`,
    `  山田工業        ${rest}`,
    `  Café ☕         ${rest}`,
    `  Two lines [31m  ${rest}`,
  ]);
});
