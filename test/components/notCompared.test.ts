// @vitest-environment jsdom
import {expect, it} from "vitest";
import {inactiveSeats} from "../../src/components/inactiveSeats.js";
import {integrationStatus} from "../../src/components/integrationStatus.js";
import {mappingWork} from "../../src/components/mappingWork.js";
import {memoChoice} from "../../src/components/memoChoice.js";
import {reconciledInvoices} from "../../src/components/reconciledInvoices.js";
import {serviceMapping} from "../../src/components/serviceMapping.js";
import {workList} from "../../src/components/workList.js";
import type {Table} from "../../src/lib/rows.js";
import {fakePreview, files, table} from "./mappingData.js";
import {stateOf} from "./stateOf.js";

const none = {columns: [], rows: []};
const psa = {
  ...{
    connection_id: "psa",
    connector: "csv-psa",
    kind: "psa",
    health: "green",
    health_reason: "The last sync succeeded.",
  },
  ...{last_success_at: "2026-11-23T02:00:00Z", last_attempt_at: "2026-11-23T02:00:00Z", last_error: null},
  ...{rows_kept: "6", rows_quarantined: "0", reports_activity: null, accounts_total: null, accounts_linked: null},
  ...{accounts_excluded: null, seats_total: null, seats_deleted: null, seats_unaccounted: null},
};

it("never shows as done what could not be compared, in a workspace of a PSA alone", () => {
  const state = stateOf();
  const worked = (is_compared: string) => {
    const totals = table({currency: "USD", as_of_date: "2026-11-23", open_count: "0", decided_count: "0", is_compared});
    return workList({totals, rows: none, gone: none}, {files, workspace: "a"}, state).textContent;
  };
  expect(worked("false")).toContain("Nothing could be compared, so nothing is known to be under- or overbilled.");
  expect(worked("false")).toContain("See Integrations for what could not be read");
  expect(worked("true")).toContain("Of what could be compared, nothing is open.");
  const mappings = (integrations: Table) => mappingWork({work: none, integrations}, state).textContent;
  expect(mappings(table({connection_id: "m365"}))).toContain("of the integrations that were read");
  expect(mappings(none)).toContain("No integration has been read yet, so no account is known.");
  expect(mappings(none)).toContain("What is left to decide is not known before an integration has been read.");
  expect(mappings(none)).not.toMatch(/\b0\b.*without a client/);
  const choice = (clients: string) => memoChoice({clients: none, compared: table({clients})}).textContent;
  expect(choice("0")).toContain("Nothing could be compared, so nothing is known to be billed or credited.");
  expect(choice("1")).toContain("Of what could be compared, no client");
  const mapping = serviceMapping(
    {
      connections: none,
      products: none,
      kinds: none,
      services: none,
      counts: none,
      rules: none,
      clients: none,
      presets: [],
    },
    {files, workspace: "a", openPreview: async () => fakePreview().preview},
    state,
  );
  expect(mapping.textContent).toContain("No integration has been read yet, so no product is known.");
});

it("shows no 0 as what is under- or overbilled of a client of whom nothing was compared", () => {
  const client = (client_id: string, currency: string) => ({
    ...{client_id, slug: client_id, client_name: client_id, currency, service_count: "1", flagged_count: "0"},
    ...{billing_cycle: "monthly", period_start: null, period_end: null, next_invoice_date: null, coverage_amount: "0"},
  });
  const row = (client_id: string, currency: string, status: string) => ({
    ...{client_id, currency, status, service_id: "S1", label: "Mail", product: null, connection_ids: "m365"},
    ...{
      discrepancy_type: null,
      direction: "0",
      impact_monthly: status === "reconciled" ? "0.00" : null,
      is_billed: "true",
    },
  });
  const page = reconciledInvoices(
    {
      integrations: none,
      clients: table(client("Clean", "USD"), client("Unread", "USD"), client("Other", "EUR")),
      rows: table(
        row("Clean", "USD", "reconciled"),
        row("Unread", "USD", "no_data"),
        row("Other", "EUR", "not_reconciled"),
      ),
      seats: none,
      flags: none,
    },
    stateOf(),
  );
  const amountsOf = (name: string): (string | null)[] => {
    const found = [...page.querySelectorAll("tr")].find((one) => one.textContent?.startsWith(name));
    return [...(found?.querySelectorAll("td") ?? [])].slice(3, 6).map(({textContent}) => textContent);
  };
  expect(amountsOf("Clean")).toEqual(["$0.00", "$0.00", "$0.00"]);
  expect(amountsOf("Unread")).toEqual(["unknown", "unknown", "unknown"]);
  expect(amountsOf("Other")).toEqual(["unknown", "unknown", "unknown"]);
  expect(amountsOf("Total")).toEqual(["EUR unknown$0.00", "EUR unknown$0.00", "EUR unknown$0.00"]);
});

it("counts what accounts without a client use neither as covered nor as unaccounted", () => {
  const item = (kind: string) => ({
    ...{kind, connection_id: "m365", account_id: "a", product_id: null, name: "Acme", domain: null, seat_count: "5"},
    ...{client_count: null, suggested_client_id: null, suggested_client_name: null, suggested_service_id: null},
    ...{suggested_service_name: null, score: null, evidence: null, slug: null},
  });
  const panels = (kind: string) =>
    mappingWork({work: table(item(kind)), integrations: table({connection_id: "m365"})}, stateOf()).querySelector(
      ".panels",
    )?.textContent;
  expect(panels("unlinked_account")).toContain("What accounts without a client use is not among them.");
  expect(panels("unaccounted_product")).not.toContain("not among them");
});

it.each([
  [false, false, "No integration has been read yet, so nothing is known about the use of seats."],
  [true, false, "No integration reports the activity of any client’s seats, so nothing is known about their use."],
  [true, true, "Of the seats whose use is known, none has been unused for more than 21 days."],
])("calls no seat used of which nothing is known: read %s, known %s", (is_read, is_activity_known, expected) => {
  const data = {inactive_after_days: 21, is_read, is_activity_known, stale: none, seats: none};
  expect(inactiveSeats(data, stateOf()).querySelector(".empty")?.textContent).toBe(expected);
});

it("shows no 0 as the seats of a client without an account, and none as its discrepancies", () => {
  const client = (client_id: string) => ({
    ...{client_id, slug: client_id, client_name: client_id, currency: "USD", service_count: "1", flagged_count: "0"},
    ...{billing_cycle: "monthly", period_start: null, period_end: null, next_invoice_date: null, coverage_amount: "0"},
  });
  const page = (...seats: Readonly<Record<string, string>>[]): HTMLElement =>
    reconciledInvoices(
      {
        ...{integrations: none, rows: none, flags: none, clients: table(client("Linked"), client("Unlinked"))},
        seats: seats.length === 0 ? none : table(...seats),
      },
      stateOf(),
    );
  const cells = (of: HTMLElement, name: string): (string | null)[] => {
    const found = [...of.querySelectorAll("tr")].find((one) => one.textContent?.startsWith(name));
    return [...(found?.querySelectorAll("td") ?? [])].map(({textContent}) => textContent);
  };
  const some = page({client_id: "Linked", connection_id: "m365", seats: "0"});
  expect(["Linked", "Unlinked", "Total"].map((name) => cells(some, name)[0])).toEqual(["0", "unknown", "0"]);
  expect(cells(page(), "Total")[0]).toBe("unknown");
  expect(cells(page(), "Total")[2]).toBe("not compared");
});

it("says what is missing where no connection says what is used", () => {
  const page = (integrations: Readonly<Record<string, string | null>>): string =>
    integrationStatus({integrations: table(integrations), quarantines: none, quarantined: none, problems: none})
      .textContent ?? "";
  expect(page(psa)).toContain("No connection says what is used, so nothing can be compared.");
  expect(page({...psa, kind: "usage"})).not.toContain("nothing can be compared");
});
