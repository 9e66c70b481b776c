// @vitest-environment jsdom
import {expect, it} from "vitest";
import {reconciledInvoices} from "../../src/components/reconciledInvoices.js";
import {table} from "./mappingData.js";
import {stateOf} from "./stateOf.js";

const none = {columns: [], rows: []};

function client(client_id: string, given: Readonly<Record<string, string | null>> = {}) {
  return {
    ...{client_id, slug: client_id, client_name: client_id, currency: "USD", service_count: "1", flagged_count: "0"},
    ...{billing_cycle: "monthly", period_start: "2026-11-01", period_end: "2026-12-01"},
    ...{next_invoice_date: "2026-12-01", coverage_amount: "1", ...given},
  };
}

/** The cells of a client's row below a column, or the head of that column. */
function cells(page: HTMLElement, label: string): (string | null | undefined)[] {
  const heads = [...page.querySelectorAll("thead th")];
  const at = heads.findIndex(({textContent}) => textContent?.startsWith(label));
  return [heads[at], ...[...page.querySelectorAll("tbody tr")].map((row) => row.children[at])].map((one) =>
    one?.textContent?.replace(/\s+/g, " ").trim(),
  );
}

const shownFor = (query: Readonly<Record<string, string>>): HTMLElement =>
  reconciledInvoices(
    {integrations: none, rows: none, seats: none, flags: none, clients: table(client("A"))},
    stateOf({...query}),
  );

it("shows the filter for a currency that no client is billed in, where the address asks for it", () => {
  const choices = (page: HTMLElement) => [...page.querySelectorAll("select")].map(({value}) => value);
  expect(choices(shownFor({}))).toEqual([""]);
  expect(choices(shownFor({currency: "USD"}))).toEqual([""]);
  const page = shownFor({currency: "CHF"});
  expect(choices(page)).toEqual(["", "CHF"]);
  expect(page.textContent).toContain("No clients pass these filters.");
});

it("calls no minimum set that is no amount, and leaves nobody out for it", () => {
  const cleared = (minimum: string) => shownFor({minimum}).querySelector<HTMLElement>(".clear")?.hidden;
  expect(["abc", "-5", ".", "1e3"].map(cleared)).toEqual([true, true, true, true]);
  expect(["5", "0.5", ".5", "5."].map(cleared)).toEqual([false, false, false, false]);
  expect(shownFor({minimum: "abc"}).textContent).toContain("1 of 1 client");
  expect(shownFor({minimum: ".5"}).textContent).toContain("No clients pass these filters.");
});

it("says in the totals of each currency that there is no price, where nothing that differs has one", () => {
  const row = (client_id: string, currency: string, impact_monthly: string | null) => ({
    ...{client_id, currency, service_id: "S", label: "Mail", product: null, connection_ids: "m365"},
    ...{status: "discrepancy", discrepancy_type: "estimated", direction: "1", impact_monthly, is_billed: "true"},
  });
  const clients = table(client("A"), client("B", {currency: "EUR"}));
  const rows = table(row("A", "USD", null), row("B", "EUR", "2.00"));
  const page = reconciledInvoices({integrations: none, rows, seats: none, flags: none, clients}, stateOf());
  const lines = [...page.querySelectorAll("tfoot .line")].map(({textContent}) => textContent);
  expect(lines).toEqual(["+€2.00", "USD no price", "€0.00", "$0.00", "€2.00", "USD no price"]);
});

it("says in words when the next invoice is, for nobody finds what only hovering shows", () => {
  const clients = table(
    client("A"),
    client("B", {period_end: "2027-03-01"}),
    client("C", {next_invoice_date: null}),
    client("D", {period_start: null, period_end: null, next_invoice_date: null}),
  );
  const page = reconciledInvoices({integrations: none, rows: none, seats: none, flags: none, clients}, stateOf());
  expect(cells(page, "Current period")).toEqual([
    "Current periodnext invoice the day after",
    "1–30 Nov 2026",
    "1 Nov 2026 – 28 Feb 2027next invoice 1 Dec 2026",
    "1–30 Nov 2026next invoice unknown",
    "—",
  ]);
  expect(page.querySelector("td [title]")).toBeNull();
});

it("says on lines of their own what of a client has no price and what was not compared", () => {
  const row = (status: string) => ({
    ...{client_id: "A", currency: "USD", service_id: "S", label: "Mail", product: null, connection_ids: "m365"},
    ...{status, discrepancy_type: "estimated", direction: "1", impact_monthly: null, is_billed: "true"},
  });
  const rows = table(...Array.from({length: 1200}, () => row("discrepancy")), row("no_data"));
  const page = reconciledInvoices(
    {integrations: none, rows, seats: none, flags: none, clients: table(client("A"))},
    stateOf(),
  );
  const notes = [...page.querySelectorAll("tbody td small")].map(({textContent}) => textContent);
  expect(notes.slice(0, 2)).toEqual(["1,200 without a price", "1 not compared"]);
  expect(cells(page, "Discrepancies")[1]).toMatch(/^1,200/);
});
