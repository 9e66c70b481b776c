import {describe, expect, it} from "vitest";
import type {InputRow} from "../../loaders/marts/inputs.js";
import {reconcileRows} from "./harness.js";
import {type Given, invoiced, ordinaryWorld} from "./ordinary.js";

async function flagged(given: Given): Promise<Record<string, unknown>[]> {
  const {flagged_services = []} = await reconcileRows(ordinaryWorld({used: 20, ...given}), ["flagged_services"]);
  return flagged_services;
}

async function flags(given: Given): Promise<string[]> {
  return (await flagged(given)).map((row) => `${row.flag_code} ${row.line_id} ${row.amount_at_stake}`).sort();
}

const line = {agreement_line_id: "l1"};
const agreement = {agreement_id: "a1", client_id: "acme", start_date: "2026-01-01"};
const until = (end_date: string) => ({
  ...{agreement_line_id: "l1", agreement_id: "a1", service_id: "mail", quantity: 20, unit_price: "12.00", end_date},
});
const service = {service_id: "mail", service_name: "Mail", unit: "user"};
const october = {
  invoice_id: "i0",
  client_id: "acme",
  agreement_id: "a1",
  invoice_date: "2026-10-01",
  period_start: "2026-10-01",
  period_end: "2026-11-01",
  status: "paid",
};
const octoberLine = {
  invoice_line_id: "il0",
  invoice_id: "i0",
  agreement_line_id: "l1",
  service_id: "mail",
  quantity: 20,
  unit_price: "12.00",
};

/** November's invoice with October's before it. */
function afterOctober(lines: Parameters<typeof invoiced>[0], invoice = {}, earlier = {}, earlierLine = {}): Given {
  const november = invoiced(lines, invoice);
  return {
    invoices: [{...october, ...earlier}, ...(november.invoices ?? [])],
    invoice_lines: [{...octoberLine, ...earlierLine}, ...(november.invoice_lines ?? [])],
  };
}

const september = {invoice_date: "2026-09-01", period_start: "2026-09-01", period_end: "2026-10-01"};

/** September's, October's and November's invoices. */
function afterSeptember(ofOctober: InputRow): Given {
  const {invoices = [], invoice_lines = []} = afterOctober([line], {}, ofOctober);
  return {invoices: [{...october, ...september, invoice_id: "i9"}, ...invoices], invoice_lines};
}

/** Lines of two agreements on one invoice that names neither. */
function invoicedTogether(invoice: InputRow): Given {
  const lines = ["1", "2"].map((id) => ({
    ...until(""),
    agreement_line_id: `l${id}`,
    agreement_id: `a${id}`,
    end_date: null,
  }));
  return {
    ...invoiced([line, {agreement_line_id: "l2"}], {agreement_id: null, ...invoice}),
    agreements: lines.map(({agreement_id}) => ({...agreement, agreement_id})),
    agreement_lines: lines,
  };
}

/** Two agreements invoiced in October; November's invoice of the first has nothing but a credit for the second. */
function creditedBesides(id: string): Given {
  const own = {agreement_line_id: "l2", agreement_id: id, service_id: "mail", quantity: 5, unit_price: "12.00"};
  const november = afterOctober([line, {agreement_line_id: "l2", quantity: -1, parent_line_id: "x"}]);
  return {
    agreements: [agreement, {...agreement, agreement_id: id}],
    agreement_lines: [{...own, agreement_line_id: "l1", agreement_id: "a1", quantity: 20}, own],
    invoices: [...(november?.invoices ?? []), {...october, invoice_id: "i2", agreement_id: id}],
    invoice_lines: [
      ...(november?.invoice_lines ?? []),
      {...octoberLine, invoice_line_id: "x", invoice_id: "i2", agreement_line_id: "l2"},
    ],
  };
}

describe("flags", () => {
  it("name the money in question with its currency", async () => {
    const evidence = async (given: Given): Promise<unknown[]> => (await flagged(given)).map((row) => row.evidence);
    const lines = [{...line, unit_price: "12.50", amount: "251.00"}];
    expect((await evidence(afterOctober(lines, {total: "250.00"}))).sort()).toEqual([
      "20 × 12.50 USD is not 251.00 USD",
      "before 12.00 USD, now 12.50 USD",
      "invoice 12.50 USD, agreement 12.00 USD",
      "total 250.00 USD, lines 251.00 USD",
    ]);
    expect(await evidence(invoiced([{...line, amount: "-240.00"}], {currency: "EUR"}))).toContain(
      "quantity 20, amount -240.00 EUR",
    );
  });

  it("are not raised by an ordinary invoice", async () => {
    expect(await flags(afterOctober([{...line, amount: "240.00"}], {total: "240.00"}))).toEqual([]);
  });

  it.each<[string, Given, string[]]>([
    ["missing_unit_price", invoiced([{...line, unit_price: null}]), ["missing_unit_price il1 null"]],
    [
      "zero_unit_price",
      {
        ...invoiced([{...line, unit_price: 0}]),
        agreement_lines: [
          {agreement_line_id: "l1", agreement_id: "a1", service_id: "mail", quantity: 20, unit_price: 0},
        ],
      },
      ["zero_unit_price il1 null"],
    ],
    [
      "inconsistent_unit_price",
      invoiced([
        {...line, quantity: 15},
        {quantity: 5, unit_price: "13"},
      ]),
      ["inconsistent_unit_price null 15.00"],
    ],
    [
      "inconsistent_unit_price",
      invoiced([
        {quantity: 5, unit_price: "10"},
        {quantity: 4, unit_price: "12"},
        {quantity: 3, unit_price: "11.50"},
      ]),
      ["inconsistent_unit_price null 11.50"],
    ],
    [
      "price_differs_from_agreement",
      invoiced([{...line, unit_price: "11.50"}]),
      ["price_differs_from_agreement il1 10.00"],
    ],
    ["price_changed", afterOctober([line], {}, {}, {unit_price: "11.00"}), ["price_changed il1 20.00"]],
    [
      "price_below_cost",
      {...invoiced([line]), services: [{...service, unit_cost: "12.50"}]},
      ["price_below_cost il1 10.00"],
    ],
    ["amount_mismatch", invoiced([{...line, amount: "250.00"}]), ["amount_mismatch il1 10.00"]],
    ["total_mismatch", invoiced([line], {total: "230.00"}), ["total_mismatch null 10.00"]],
    [
      "duplicate_line",
      invoiced([
        {...line, quantity: 10},
        {...line, quantity: 10},
      ]),
      ["duplicate_line il2 120.00"],
    ],
    [
      "duplicate_line",
      invoiced(
        ["Setup", "Setup", "Training"].map((description) => ({service_id: null, unit_price: null, description})),
      ),
      [
        "duplicate_line il2 null",
        "missing_unit_price il1 null",
        "missing_unit_price il2 null",
        "missing_unit_price il3 null",
      ],
    ],
    ["duplicate_line", invoiced([{}, {}]), ["duplicate_line il2 240.00"]],
    [
      "negative_without_parent",
      invoiced([
        {...line, quantity: 21},
        {quantity: -1, description: "Goodwill"},
      ]),
      ["negative_without_parent il2 12.00"],
    ],
    ["fractional_quantity", {...invoiced([{...line, quantity: "19.5"}])}, ["fractional_quantity il1 null"]],
    [
      "agreement_ended",
      {...invoiced([line]), agreements: [{...agreement, end_date: "2026-11-01"}]},
      ["agreement_ended il1 240.00"],
    ],
    [
      "agreement_ended",
      {
        ...invoiced([line]),
        agreements: [{...agreement, end_date: "2026-11-01"}],
        agreement_lines: [until("2026-12-01")],
      },
      ["agreement_ended il1 240.00"],
    ],
    [
      "agreement_ended",
      {
        ...invoiced([line]),
        agreements: [{...agreement, end_date: "2026-12-01"}],
        agreement_lines: [until("2026-11-01")],
      },
      ["agreement_ended il1 240.00"],
    ],
    ["agreement_ended", {...invoiced([line]), agreement_lines: [until("2026-11-01")]}, ["agreement_ended il1 240.00"]],
    ["not_invoiced", {invoices: [october], invoice_lines: [octoberLine]}, ["not_invoiced null 240.00"]],
    [
      "not_invoiced",
      {
        ...afterOctober([line], {}, {...september}),
        agreements: [{...agreement, billing_timing: "arrears"}],
      },
      ["not_invoiced null 240.00", "period_gap null null"],
    ],
    ["not_invoiced", creditedBesides("a2"), ["not_invoiced null 60.00"]],
    [
      "period_gap",
      afterOctober([line], {}, {period_start: "2026-09-01", period_end: "2026-10-31"}),
      ["period_gap null null"],
    ],
    [
      "period_gap",
      afterOctober(
        [{}],
        {agreement_id: "unlisted"},
        {agreement_id: "unlisted", period_end: "2026-10-31"},
        {agreement_line_id: null},
      ),
      ["period_gap null null"],
    ],
    [
      "period_gap",
      afterOctober([line], {agreement_id: null}, {agreement_id: null, period_end: "2026-10-31"}),
      ["period_gap null null"],
    ],
    ["period_overlap", afterOctober([line], {period_start: "2026-10-31"}), ["period_overlap null null"]],
    ["currency_mismatch", invoiced([line], {currency: "EUR"}), ["currency_mismatch null null"]],
    [
      "currency_mismatch",
      invoicedTogether({currency: "EUR"}),
      ["currency_mismatch null null", "currency_mismatch null null"],
    ],
  ])("raise %s", async (_, given, expected) => {
    expect(await flags(given)).toEqual(expected);
  });

  it("say of a missing invoice that it may have been quarantined, where some were", async () => {
    const gap = afterOctober([line], {}, {period_start: "2026-09-01", period_end: "2026-10-31"});
    const evidence = async (given: Given, table_name: string) => {
      const quarantine = [{connection_id: "psa", row_number: 1, table_name, file: "GET /invoices", reason: "expected"}];
      return (await flagged({...given, quarantine})).map((row) => row.evidence);
    };
    const doubt = ", unless the invoice is among the rows that were quarantined";
    const missing = "agreement a1, period 2026-11-01 to 2026-11-30";
    const given = {invoices: [october], invoice_lines: [octoberLine]};
    expect(await evidence(given, "invoices")).toEqual([missing + doubt]);
    expect(await evidence(given, "services")).toEqual([missing]);
    expect(await evidence(gap, "invoice_lines")).toEqual([`billed to 2026-10-30, this one from 2026-11-01${doubt}`]);
  });

  it.each<[string, Given]>([
    ["an amount that is a cent off", invoiced([{...line, amount: "240.01"}])],
    ["a total above the lines", invoiced([line], {total: "300.00"})],
    ["a part of a gigabyte", {...invoiced([{...line, quantity: "19.5"}]), services: [{...service, unit: "gb"}]}],
    [
      "lines alike of which only one has a description, or an agreement line",
      invoiced([{description: "Mail"}, {}, {agreement_line_id: "l1"}]),
    ],
    ["a negative line with a parent", invoiced([line, {...line, quantity: -1, parent_line_id: "il1"}])],
    [
      "credits that stand twice",
      invoiced([line, ...["a", "b"].map(() => ({...line, quantity: -1, parent_line_id: "il1"}))]),
    ],
    [
      "an agreement that ends within the period",
      {...invoiced([line]), agreements: [{...agreement, end_date: "2026-11-02"}]},
    ],
    ["an agreement that was never invoiced", {}],
    [
      "quarterly invoices that name no period",
      {
        agreements: [{...agreement, billing_cycle: "quarterly"}],
        invoices: ["2026-07-01", "2026-10-01"].map((invoice_date) => ({
          ...{invoice_id: invoice_date, client_id: "acme", agreement_id: "a1", invoice_date},
        })),
      },
    ],
    ["months of one agreement, of which one is on an invoice that names none", afterSeptember({agreement_id: null})],
    [
      "a credit in another currency than the agreement, on an invoice that names none",
      {
        ...invoiced([{...line, quantity: -1, parent_line_id: "il1"}], {agreement_id: null, currency: "EUR"}),
      },
    ],
    ["a voided invoice", invoiced([{...line, unit_price: null, amount: "1.00"}], {status: "void"})],
    [
      "arrears with the last period invoiced",
      {invoices: [october], invoice_lines: [octoberLine], agreements: [{...agreement, billing_timing: "arrears"}]},
    ],
  ])("are not raised by %s", async (_, given) => {
    expect(await flags(given)).toEqual([]);
  });
});

describe("prices", () => {
  it("of two currencies are never held against each other", async () => {
    const priced = {agreement_line_id: "l1", agreement_id: "a1", service_id: "mail", quantity: 20};
    expect(
      await flags({
        ...invoiced([{...line, unit_price: "11.00"}], {currency: "EUR"}),
        agreement_lines: [{...priced, unit_price: "12.00", unit_cost: "11.50"}],
      }),
    ).toEqual(["currency_mismatch null null"]);
  });

  it("of one agreement line that stands twice on an invoice are each compared for their own quantity", async () => {
    const given = afterOctober(
      [
        {...line, quantity: 15, unit_price: "12.00"},
        {...line, quantity: 5, unit_price: "14.00"},
      ],
      {},
      {},
      {unit_price: "11.00"},
    );
    const changed = (await flags(given)).filter((flag) => flag.startsWith("price_changed"));
    expect(changed).toEqual(["price_changed il1 15.00", "price_changed il2 15.00"]);
  });

  /** November's price after October's, with a dearer bill for the same service on 15 October. Lines name no agreement line. */
  const afterDearer = (dearer: object, agreementId: string | null, before: string): Given => {
    const invoices = afterOctober(
      [{}],
      {agreement_id: agreementId},
      {agreement_id: agreementId},
      {unit_price: before, agreement_line_id: null},
    );
    const other = {...october, invoice_id: "other", invoice_date: "2026-10-15", period_start: "2026-10-15", ...dearer};
    return {
      agreements: [agreement, {...agreement, agreement_id: "a2", start_date: "2026-10-15"}],
      invoices: [other, ...(invoices?.invoices ?? [])],
      invoice_lines: [
        {...octoberLine, invoice_line_id: "dear", invoice_id: "other", agreement_line_id: null, unit_price: "120.00"},
        ...(invoices?.invoice_lines ?? []),
      ],
    };
  };

  it.each<[string, Given, string[]]>([
    ["another agreement", afterDearer({agreement_id: "a2", period_end: "2026-11-15"}, "a1", "12.00"), []],
    ["a year", afterDearer({agreement_id: null, period_end: "2027-10-15"}, null, "12.00"), []],
    [
      "another client",
      afterDearer({client_id: "other", agreement_id: null, period_end: "2026-11-15"}, null, "12.00"),
      [],
    ],
    ["a year", afterDearer({agreement_id: null, period_end: "2027-10-15"}, null, "11.00"), ["price_changed il1 20.00"]],
    [
      "a month without an agreement",
      afterDearer({agreement_id: null, period_end: "2026-11-15"}, null, "12.00"),
      ["price_changed dear 2160.00", "price_changed il1 2160.00"],
    ],
    [
      "the same day, by id",
      afterDearer({invoice_date: "2026-10-01", agreement_id: null, period_end: "2026-11-15"}, null, "12.00"),
      ["price_changed dear 2160.00", "price_changed il1 2160.00"],
    ],
  ])("are compared with the invoice before, which may not be one for %s", async (_, given, expected) => {
    expect((await flags(given)).filter((flag) => flag.startsWith("price_changed"))).toEqual(expected);
  });

  it("are compared with the last one that was named, where the invoice between has none", async () => {
    const given = afterOctober([line], {}, {}, {unit_price: null});
    const before = {...octoberLine, invoice_line_id: "il9", invoice_id: "i9", unit_price: "11.00"};
    const all = await flags({
      invoices: [...(given?.invoices ?? []), {...october, ...september, invoice_id: "i9"}],
      invoice_lines: [...(given?.invoice_lines ?? []), before],
    });
    expect(all.filter((flag) => flag.startsWith("price_changed"))).toEqual(["price_changed il1 20.00"]);
  });

  it("of a live line are looked at even where its invoice is dated later", async () => {
    const given = invoiced([{...line, unit_price: null}], {invoice_date: "2026-11-24"});
    expect(await flags(given)).toEqual(["missing_unit_price il1 null"]);
  });
});
