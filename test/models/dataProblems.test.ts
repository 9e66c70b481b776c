import {expect, it} from "vitest";
import {reconcileRows} from "./harness.js";
import {type Given, ordinaryWorld, pick, seats} from "./ordinary.js";

async function problems(given: Given) {
  const marts = await reconcileRows(ordinaryWorld(given), ["data_problems"]);
  return pick(marts, "data_problems", "problem", "table_name", "column_name", "missing_id", "row_count").map((row) =>
    Object.values(row).join(" "),
  );
}

const line = {invoice_line_id: "il1", invoice_id: "i1", service_id: "mail", quantity: 1, unit_price: 12};
const invoice = {invoice_id: "i1", client_id: "acme", invoice_date: "2026-11-01"};

it("are none where everything is listed", async () => {
  expect(await problems({invoices: [invoice], invoice_lines: [line]})).toEqual([]);
});

it("name what is not listed, and what cannot be placed", async () => {
  expect(
    (
      await problems({
        invoices: [{...invoice, client_id: "stranger"}],
        invoice_lines: [
          line,
          {...line, invoice_line_id: "il2", invoice_id: "lost"},
          {...line, invoice_line_id: "il3", service_id: "odd"},
        ],
        agreement_lines: [{agreement_line_id: "l9", agreement_id: "gone", service_id: "mail", quantity: 1}],
        seats: [...seats(2), ...seats(3, {product_id: "p9"}), {account_id: "nowhere", product_id: "p1", seat_id: "x"}],
      })
    ).sort(),
  ).toEqual([
    "unlisted invoice_lines service_id odd 1",
    "unlisted invoices client_id stranger 1",
    "unlisted seats account_id nowhere 1",
    "unlisted seats product_id p9 3",
    "unplaced agreement_lines agreement_id gone 1",
    "unplaced invoice_lines invoice_id lost 1",
  ]);
});

it.each([
  ["2026-11-01", "2026-11-01", ["empty_period invoices period_end i1 1"]],
  ["2026-11-02", "2026-11-01", ["empty_period invoices period_end i1 1"]],
  ["2026-11-01", "2026-11-02", []],
  ["2026-11-01", null, []],
])("name an invoice from %s up to %s if that is no day", async (period_start, period_end, expected) => {
  expect(await problems({invoices: [{...invoice, period_start, period_end}], invoice_lines: [line]})).toEqual(expected);
});

it("name an invoice of today that bills agreement lines of another client's", async () => {
  const given: Given = {
    clients: ["acme", "parent"].map((client_id) => ({client_id, client_name: client_id})),
    invoices: [
      {...invoice, client_id: "parent"},
      {...invoice, invoice_id: "own"},
      {...invoice, invoice_id: "past", client_id: "parent", invoice_date: "2026-09-01"},
    ],
    invoice_lines: ["i1", "i1", "own", "past"].map((invoice_id, index) => ({
      ...{...line, invoice_id, invoice_line_id: `l${index}`},
      agreement_line_id: "l1",
    })),
  };
  expect(await problems(given)).toEqual(["other_client invoice_lines agreement_line_id i1 2"]);
  expect(await problems({...given, settings: {billed_basis: "agreement"}})).toEqual([]);
});

it("say which known id one differs from by case, or by what nobody can see", async () => {
  const marts = await reconcileRows(
    ordinaryWorld({
      invoices: [{...invoice, client_id: "ACME"}],
      invoice_lines: [line, {...line, invoice_line_id: "il2", invoice_id: " I1"}],
      seats: [
        ...seats(2, {product_id: "P 1"}),
        {account_id: "Tenant ", product_id: "p1", seat_id: "x"},
        {account_id: "te\u200bnant\u2060", product_id: "p1", seat_id: "y"},
        {account_id: "tenant\u0000", product_id: "p1", seat_id: "z"},
        {account_id: "other", product_id: "p1", seat_id: "o"},
      ],
    }),
    ["data_problems"],
  );
  const similar = pick(marts, "data_problems", "missing_id", "similar_id").map((row) => Object.values(row).join(" > "));
  expect(similar.sort()).toEqual([
    " I1 > i1",
    "ACME > acme",
    "P 1 > p1",
    "Tenant  > tenant",
    "other > ",
    "tenant\u0000 > tenant",
    "te\u200bnant\u2060 > tenant",
  ]);
});
