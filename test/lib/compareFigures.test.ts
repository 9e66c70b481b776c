import {describe, expect, it} from "vitest";
import {describeChange} from "../../loaders/map/describeChange.js";
import {compareFigures} from "../../src/lib/compareFigures.js";
import type {ClientRow, Figures, ReconciliationRow, SummaryRow} from "../../src/lib/figures.js";

const row = (id: string, values: Partial<ReconciliationRow> = {}): ReconciliationRow => ({
  ...{reconciliation_id: id, client_id: "C1", client_name: "Acme", service_id: "S1", service_name: "Mail"},
  ...{connection_ids: "m365", product_id: null, product_name: null, currency: "USD", billing_cycle: "monthly"},
  ...{period_start: null, period_end: null, invoiced_quantity: "10.0000", billed_basis: "invoice"},
  ...{included_quantity: "0.0000", system_count: "10.0000", count_state: "known", expected_quantity: "10.0000"},
  ...{delta_quantity: "0.0000", unit_rate: "2.500000", rate_basis: "invoice_line", is_rate_estimated: "false"},
  ...{impact_amount: "0.00", impact_monthly: "0.00", status: "reconciled", discrepancy_type: null},
  ...{likely_cause: null, cause_evidence: null},
  ...values,
});
const discrepancy = (id: string, impact: string | null, values: Partial<ReconciliationRow> = {}) =>
  row(id, {status: "discrepancy", impact_monthly: impact, discrepancy_type: "calculated", ...values});

const client = (id: string, values: Partial<ClientRow> = {}): ClientRow => ({
  ...{client_id: id, client_name: `Client ${id}`, status: "active", currency: "USD", seat_count: "10"},
  ...{service_count: "1", discrepancy_count: "0", underbilled_monthly: "0.00", overbilled_monthly: "0.00"},
  ...{net_monthly: "0.00", absolute_monthly: "0.00", unpriced_count: "0", reconciled_count: "1"},
  ...{uncompared_count: "0", flagged_count: "0", inactive_count: "0", billing_cycle: "monthly"},
  ...{billing_timing: null, period_start: null, period_end: null, next_invoice_date: null},
  ...{coverage_lines: "1.000000", coverage_amount: "1.000000", integration_ids: "m365", worst_health: "green"},
  ...values,
});

const total = (currency: string, values: Partial<SummaryRow> = {}): SummaryRow => ({
  ...{as_of: "2026-11-23T12:00:00Z", currency, clients_total: "1", clients_reconciled: "1", clients_discrepant: "0"},
  ...{clients_uncompared: "0", discrepancy_count: "0", underbilled_monthly: "0.00", overbilled_monthly: "0.00"},
  ...{net_monthly: "0.00", absolute_monthly: "0.00", unpriced_count: "0", coverage_lines: null},
  ...{coverage_amount: null, unlinked_accounts: "2", unaccounted_seats: "7", unaccounted_products: "1"},
  ...values,
});

const figures = (values: Partial<Figures>): Figures => ({
  ...{summary: [total("USD")], clients: [client("C1")], reconciliation: []},
  ...values,
});

describe("comparing figures", () => {
  it("finds nothing but the totals where nothing differs", () => {
    const same = figures({reconciliation: [row("a"), discrepancy("b", "-3.10")]});
    const copy = structuredClone(same);
    expect(compareFigures(same, copy)).toEqual({
      money: [
        {
          currency: "USD",
          underbilled: {before: "0.00", after: "0.00"},
          overbilled: {before: "0.00", after: "0.00"},
          coverageLines: {before: null, after: null},
          coverageAmount: {before: null, after: null},
          discrepancies: {before: 0, after: 0},
          unpriced: {before: 0, after: 0},
        },
      ],
      unlinkedAccounts: {before: 2, after: 2},
      unaccountedSeats: {before: 7, after: 7},
      ...{clients: [], appeared: [], vanished: [], changed: []},
    });
  });

  it("tells discrepancies that appear, vanish and change apart, those with most money first", () => {
    const before = figures({
      reconciliation: [
        row("new"),
        discrepancy("settled", "5.00"),
        discrepancy("gone", "-90.00"),
        discrepancy("more", "1.00"),
        discrepancy("why", "1.00", {likely_cause: "sync"}),
        discrepancy("still", "7.00"),
        row("uncompared", {status: "not_reconciled"}),
      ],
    });
    const after = figures({
      reconciliation: [
        discrepancy("new", "-0.10"),
        row("settled"),
        discrepancy("more", "1000.00"),
        discrepancy("why", "1.00", {likely_cause: "billing_gap"}),
        discrepancy("still", "7.00"),
        row("uncompared", {status: "reconciled"}),
        discrepancy("unpriced", null),
      ],
    });
    const {appeared, vanished, changed, clients} = compareFigures(before, after);
    expect(appeared.map((change) => [change.before?.status, change.after.reconciliation_id])).toEqual([
      ["reconciled", "new"],
      [undefined, "unpriced"],
    ]);
    expect(vanished.map((change) => [change.before.reconciliation_id, change.after?.status])).toEqual([
      ["gone", undefined],
      ["settled", "reconciled"],
    ]);
    expect(changed.map((change) => change.after.reconciliation_id)).toEqual(["more", "why"]);
    expect(clients).toMatchObject([{clientId: "C1", appeared: 2, vanished: 2, changed: 2}]);
  });

  it("lists the clients that anything differs for, by money in motion, each currency by itself", () => {
    const before = figures({
      summary: [total("EUR"), total("USD", {underbilled_monthly: "10.00"})],
      clients: [client("C1"), client("C2"), client("C3", {overbilled_monthly: "9007199254.99"}), client("C4")],
    });
    const after = figures({
      summary: [total("USD", {underbilled_monthly: "10.10"}), total("CAD", {discrepancy_count: "1"})],
      clients: [
        client("C1", {underbilled_monthly: "0.10", discrepancy_count: "1"}),
        client("C2", {seat_count: "11"}),
        client("C3", {overbilled_monthly: "9007199255.10"}),
        client("C4"),
        client("C4", {currency: "EUR", underbilled_monthly: "5.00"}),
      ],
    });
    const {clients, money} = compareFigures(before, after);
    expect(clients.map(({clientId, currency}) => `${clientId} ${currency}`)).toEqual([
      "C4 EUR",
      "C3 USD",
      "C1 USD",
      "C2 USD",
    ]);
    expect(clients[0]?.underbilled).toEqual({before: "0.00", after: "5.00"});
    expect(clients[3]?.seats).toEqual({before: 10, after: 11});
    expect(money.map(({currency, discrepancies}) => [currency, discrepancies.after])).toEqual([
      ["EUR", 0],
      ["USD", 0],
      ["CAD", 1],
    ]);
  });

  it("knows no sum where nothing was compared, or nothing that makes it up has a price", () => {
    const silent = {clients_reconciled: "0", clients_discrepant: "0"};
    const before = figures({
      summary: [total("USD", silent), total("EUR")],
      clients: [client("C1", {reconciled_count: "0"}), client("C2"), client("C3", {overbilled_monthly: "3.00"})],
    });
    const after = figures({
      summary: [total("USD"), total("EUR", silent)],
      clients: [client("C1"), client("C2", {unpriced_count: "1"}), client("C3", {underbilled_monthly: "1.00"})],
      reconciliation: [
        discrepancy("a", null, {client_id: "C2", delta_quantity: "-1.0000"}),
        discrepancy("b", null, {client_id: "C3", delta_quantity: "2.0000"}),
      ],
    });
    const {money, clients} = compareFigures(before, after);
    expect(money.map(({underbilled, overbilled}) => [underbilled, overbilled])).toEqual([
      [
        {before: null, after: null},
        {before: null, after: null},
      ],
      [
        {before: "0.00", after: null},
        {before: "0.00", after: null},
      ],
    ]);
    expect(clients.map(({clientId, underbilled, overbilled}) => [clientId, underbilled, overbilled])).toEqual([
      ["C3", {before: "0.00", after: "1.00"}, {before: "3.00", after: "0.00"}],
      ["C1", {before: null, after: "0.00"}, {before: null, after: "0.00"}],
      ["C2", {before: "0.00", after: "0.00"}, {before: "0.00", after: null}],
    ]);
    const lines = describeChange({...compareFigures(before, after), money: money.slice(1)});
    expect(lines).toContain("EUR underbilled a month      0.00    unknown");
    expect(lines).toContain("  Client C1 (C1)  USD  under unknown → 0.00  over unknown → 0.00  discrepancies 0");
  });

  it("reads in a terminal as totals, clients and discrepancies", () => {
    const before = figures({summary: [total("USD", {overbilled_monthly: "26.00", discrepancy_count: "1"})]});
    const after = figures({
      summary: [total("USD", {underbilled_monthly: "2.50", coverage_lines: "0.999600"})],
      clients: [client("C1", {underbilled_monthly: "2.50"})],
      reconciliation: [
        discrepancy("a", "2.50", {
          expected_quantity: "11.0000",
          invoiced_quantity: "10",
          likely_cause: "billing_gap",
        }),
      ],
    });
    const lines = describeChange(compareFigures(before, after));
    expect(lines).toContain("USD underbilled a month      0.00    2.50   +2.50");
    expect(lines).toContain("USD overbilled a month       26.00   0.00   -26.00");
    expect(lines).toContain("USD discrepancies            1       0      -1");
    expect(lines).toContain("USD lines compared           —       99.9%");
    expect(lines).toContain("  Client C1 (C1)  USD  under 0.00 → 2.50  over 0.00  discrepancies 0");
    expect(lines).toContain("  Acme  Mail  billed 10, expected 11  USD 2.50  billing gap");
  });
});
