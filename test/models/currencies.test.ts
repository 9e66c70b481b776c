import {describe, expect, it} from "vitest";
import {reconcileRows} from "./harness.js";
import {type Given, link, ordinaryWorld, pick, seats} from "./ordinary.js";

const line = {agreement_line_id: "l1", agreement_id: "a1", service_id: "mail", quantity: 20};

describe("a row with nothing billed", () => {
  const unbilled = {agreements: [], agreement_lines: []};

  it("takes its currency from the rate and is per month", async () => {
    const marts = await reconcileRows(
      ordinaryWorld({
        ...unbilled,
        mappingPrices: [{service_id: "mail", unit_price: "9", currency: "EUR"}],
      }),
    );
    expect(
      pick(marts, "reconciliation", "currency", "billing_cycle", "unit_rate", "impact_amount", "discrepancy_type"),
    ).toEqual([
      {
        currency: "EUR",
        billing_cycle: "monthly",
        unit_rate: "9.000000",
        impact_amount: "216.00",
        discrepancy_type: "unmapped",
      },
    ]);
  });

  const entry = (unit_price: string, currency: string, valid_from: string | null) => ({
    ...{service_id: "mail", unit_price, currency, valid_from},
  });
  const billedIn = (currency: string, month: string) => ({
    invoice: {
      ...{invoice_id: `i-${currency}`, client_id: "acme", invoice_date: `${month}-01`, status: "paid", currency},
      ...{period_start: `${month}-01`, period_end: `${month}-28`},
    },
    line: {
      ...{
        invoice_line_id: `il-${currency}`,
        invoice_id: `i-${currency}`,
        service_id: "mail",
        quantity: 1,
        unit_price: "7",
      },
    },
  });

  it.each<[string, string, Given]>([
    ["of the price book", "EUR", {mappingPrices: [entry("9", "USD", "2026-01-01"), entry("8", "EUR", "2026-06-01")]}],
    ["of the price book", "EUR", {mappingPrices: [entry("9", "USD", null), entry("8", "EUR", "2026-06-01")]}],
    ["that was invoiced", "EUR", invoicedIn("2026-08", "2026-09")],
    ["that was invoiced", "USD", invoicedIn("2026-09", "2026-08")],
    [
      "of the price book, of one day the usual currency's",
      "USD",
      {mappingPrices: [entry("8", "EUR", null), entry("9", "USD", null)]},
    ],
  ])("takes the newest price %s, whatever its currency: %s", async (_, currency, given) => {
    const marts = await reconcileRows(ordinaryWorld({...unbilled, ...given}));
    expect(pick(marts, "reconciliation", "currency", "discrepancy_type")).toEqual([
      {currency, discrepancy_type: "unmapped"},
    ]);
  });

  it.each([
    [["AUD", "CAD", "USD"], "CAD"],
    [["AUD", "EUR", "USD"], "USD"],
    [["EUR", "AUD"], "AUD"],
  ])(
    "takes of prices in %j of one day that in its usual currency, then the workspace's, then by code: %s",
    async (currencies, currency) => {
      const marts = await reconcileRows(
        ordinaryWorld({
          agreements: [{agreement_id: "a1", client_id: "acme", start_date: "2026-01-01", currency: "CAD"}],
          agreement_lines: [],
          mappingPrices: currencies.map((code) => entry("9", code, "2026-01-01")),
        }),
      );
      expect(pick(marts, "reconciliation", "currency")).toEqual([{currency}]);
    },
  );

  it.each<[string, string, string[], string[], string[]]>([
    ["EUR", "lines", ["EUR", "EUR", "GBP"], ["GBP", "GBP"], []],
    ["GBP", "agreements", [], ["GBP", "GBP", "EUR"], ["EUR", "EUR"]],
    ["GBP", "invoices", [], [], ["EUR", "GBP", "GBP"]],
    ["EUR", "none of them, the first by code", [], ["GBP", "EUR"], []],
  ])("takes %s without a rate if the client has most %s in it", async (currency, _, lines, agreements, invoices) => {
    const start = {client_id: "acme", start_date: "2026-01-01"};
    const marts = await reconcileRows(
      ordinaryWorld({
        services: ["mail", "labour"].map((service_id) => ({service_id, service_name: service_id})),
        agreements: [...new Set(lines), ...agreements].map((code, n) => ({
          agreement_id: `a${n}`,
          currency: code,
          ...start,
        })),
        agreement_lines: lines.map((code, n) => ({
          ...{
            ...line,
            agreement_line_id: `l${n}`,
            service_id: "labour",
            agreement_id: `a${[...new Set(lines)].indexOf(code)}`,
          },
        })),
        invoices: invoices.map((code, n) => ({
          ...{invoice_id: `i${n}`, client_id: "acme", invoice_date: "2026-02-01", currency: code},
        })),
      }),
    );
    const rows = pick(marts, "reconciliation", "service_id", "currency").filter(
      ({service_id}) => service_id === "mail",
    );
    expect(rows).toEqual([{service_id: "mail", currency}]);
  });

  function invoicedIn(usd: string, eur: string): Given {
    const all = [billedIn("USD", usd), billedIn("EUR", eur)];
    return {invoices: all.map(({invoice}) => invoice), invoice_lines: all.map(({line: own}) => own)};
  }

  it("takes the client's usual currency where there is no rate", async () => {
    const marts = await reconcileRows(
      ordinaryWorld({
        services: [
          {service_id: "mail", service_name: "Mail"},
          {service_id: "labour", service_name: "Labour"},
        ],
        agreements: [
          {
            agreement_id: "a1",
            client_id: "acme",
            start_date: "2026-01-01",
            currency: "CAD",
          },
        ],
        agreement_lines: [{...line, service_id: "labour", unit_price: "1"}],
      }),
    );
    expect(pick(marts, "reconciliation", "service_id", "currency", "rate_basis", "impact_amount")).toContainEqual({
      service_id: "mail",
      currency: "CAD",
      rate_basis: "none",
      impact_amount: null,
    });
    expect(pick(marts, "clients", "currency", "unpriced_count")).toEqual([{currency: "CAD", unpriced_count: "1"}]);
  });
});

describe("two currencies", () => {
  it("never mix: usage is compared in the one with the larger quantity", async () => {
    const marts = await reconcileRows(
      ordinaryWorld({
        agreements: [
          {agreement_id: "a1", client_id: "acme", start_date: "2026-01-01"},
          {
            agreement_id: "a2",
            client_id: "acme",
            start_date: "2026-01-01",
            currency: "EUR",
          },
        ],
        agreement_lines: [
          {...line, unit_price: "12"},
          {
            ...line,
            agreement_line_id: "l2",
            agreement_id: "a2",
            quantity: 5,
            unit_price: "11",
          },
        ],
      }),
    );
    expect(pick(marts, "reconciliation", "currency", "status", "invoiced_quantity", "delta_quantity")).toEqual(
      expect.arrayContaining([
        {
          currency: "USD",
          status: "discrepancy",
          invoiced_quantity: "20.0000",
          delta_quantity: "4.0000",
        },
        {
          currency: "EUR",
          status: "not_reconciled",
          invoiced_quantity: "5.0000",
          delta_quantity: null,
        },
      ]),
    );
    expect(pick(marts, "summary", "currency", "underbilled_monthly", "coverage_lines")).toEqual([
      {
        currency: "EUR",
        underbilled_monthly: "0.00",
        coverage_lines: "0.000000",
      },
      {
        currency: "USD",
        underbilled_monthly: "48.00",
        coverage_lines: "1.000000",
      },
    ]);
  });
});

describe("two currencies of equal quantities", () => {
  it("are compared in the first by code", async () => {
    const marts = await reconcileRows(
      ordinaryWorld({
        agreements: ["USD", "EUR"].map((currency) => ({
          ...{agreement_id: currency, client_id: "acme", start_date: "2026-01-01", currency},
        })),
        agreement_lines: ["USD", "EUR"].map((id) => ({
          ...line,
          agreement_line_id: id,
          agreement_id: id,
          unit_price: "1",
        })),
      }),
    );
    expect(pick(marts, "reconciliation", "currency", "status")).toEqual(
      expect.arrayContaining([
        {currency: "EUR", status: "discrepancy"},
        {currency: "USD", status: "not_reconciled"},
      ]),
    );
  });
});

describe("unaccounted usage", () => {
  it("is a row per client and product at the product's list price", async () => {
    const marts = await reconcileRows(
      ordinaryWorld({
        used: 20,
        products: [
          {product_id: "p1", product_name: "Exchange Online"},
          {
            product_id: "p2",
            product_name: "Power BI Pro",
            list_price: "9.40",
          },
        ],
        seats: [...seats(20), ...seats(3, {product_id: "p2"})],
        mappingClients: [link("tenant", "acme")],
      }),
    );
    expect(
      pick(marts, "reconciliation", "product_id", "discrepancy_type", "rate_basis", "impact_monthly", "likely_cause"),
    ).toContainEqual({
      product_id: "p2",
      discrepancy_type: "unaccounted",
      rate_basis: "product_list_price",
      impact_monthly: "28.20",
      likely_cause: "service_mapping",
    });
  });
});
