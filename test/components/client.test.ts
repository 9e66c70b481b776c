// @vitest-environment jsdom
import {expect, it} from "vitest";
import {billedLines} from "../../src/components/billedLines.js";
import {client} from "../../src/components/client.js";
import type {ClientData, ClientFile} from "../../src/lib/clientData.js";
import {table} from "./mappingData.js";
import {stateOf} from "./stateOf.js";

it("says that credits of a period that is over are not among the lines billed now, and where they are", () => {
  const data = {client_id: "O'Neil", lines: [], flags: []} as unknown as ClientData;
  const note = billedLines(data).querySelector(".credits");
  expect(note?.textContent).toBe(
    "A credit of a period that is over is not among these lines, nor in any figure of the present month. All credits of this client in SQL",
  );
  const address = new URL(note?.querySelector("a")?.getAttribute("href") ?? "", "https://site.example/clients/x");
  expect(address.searchParams.get("sql")).toBe("select * from credits where client_id = 'O''Neil'");
});

const parts = [
  ...["rows", "sources", "rules", "groups", "lines", "work", "adjustments", "counted", "flags", "integrations"],
  ...["accounts", "months", "changes"],
];

interface Given {
  readonly integrations?: readonly {connection_id: string; seats_total: string | null}[];
  readonly totals?: Readonly<Record<string, string | null>>;
  readonly rows?: readonly Readonly<Record<string, string | null>>[];
  readonly work?: readonly Readonly<Record<string, string | null>>[];
}

function page({integrations = [], totals = {}, rows = [], work = []}: Given = {}): HTMLElement {
  const file = {
    ...{client_id: "C1", name: "Acme", slug: "~c1", as_of_date: "2026-11-30", connections: []},
    ...{previous: null, next: null},
    ...Object.fromEntries(parts.map((name) => [name, table()])),
    currencies: table({
      ...{currency: "USD", status: "active", seat_count: "0", service_count: "2", discrepancy_count: "0"},
      ...{underbilled_monthly: "0.00", overbilled_monthly: "0.00", net_monthly: "0.00", unpriced_count: "0"},
      ...{flagged_count: "0", inactive_count: "0", coverage_lines: "0", coverage_amount: "0", ...totals},
    }),
    rows: table(
      ...rows.map((row, index) => ({
        ...{reconciliation_id: String(index), currency: "USD", service_id: "S", service_name: "Mail", product_id: null},
        ...{product_name: null, connection_ids: null, billing_cycle: null, period_start: null, period_end: null},
        ...{
          invoiced_quantity: "1",
          billed_basis: null,
          included_quantity: "0",
          system_count: "1",
          count_state: "known",
        },
        ...{expected_quantity: "1", unit_rate: null, rate_basis: "none", impact_amount: null, likely_cause: null},
        ...{cause_evidence: null, discrepancy_type: "estimated", delta_quantity: "0", impact_monthly: null, ...row},
      })),
    ),
    work: table(...work),
    integrations: table(
      ...integrations.map((one) => ({
        ...{...one, accounts_linked: one.seats_total, seats_deleted: null, seats_counted: null, seats_filtered: null},
        ...{seats_excluded: null, seats_unaccounted: null, last_success_at: null, last_attempt_at: null},
        ...{health: "green", health_reason: ""},
      })),
    ),
  } as unknown as ClientFile;
  const never = () => new Promise<never>(() => {});
  return client(file, {seats: never, mappings: never}, stateOf());
}

function figures(given?: Given): string[] {
  const all = page(given).querySelectorAll(".figure");
  return [...all].map((one) => one.textContent?.replace(/\s+/g, " ").trim() ?? "");
}

it("shows as 0 the seats that a client is known not to have, and as unknown what was never read or linked", () => {
  const seats = (...integrations: NonNullable<Given["integrations"]>) =>
    figures({integrations}).find((text) => text.startsWith("Seats"));
  expect(seats({connection_id: "m365", seats_total: "0"})).toContain("0 counted or unaccounted, 0 inactive");
  expect(seats({connection_id: "m365", seats_total: null})).toContain("unknown no integration was read");
  expect(seats()).toContain("unknown no account is linked");
});

it("says that nothing is known of what a client uses, where none of its integrations was read", () => {
  const told = (...integrations: NonNullable<Given["integrations"]>) =>
    page({integrations}).querySelector("[aria-labelledby=not-billed]")?.textContent;
  expect(told({connection_id: "m365", seats_total: null})).toContain(
    "Nothing is known of what this client uses: no integration that it is linked to has been read yet.",
  );
  expect(told({connection_id: "m365", seats_total: null}, {connection_id: "rmm", seats_total: "0"})).toContain(
    "Everything that this client is known to use belongs to a service that is billed.",
  );
  expect(told()).toContain("no account of any integration is linked to it");
});

it("says of a client without discrepancies of whom nothing was compared that it was not", () => {
  const found = figures().find((text) => text.startsWith("Discrepancies"));
  expect(found).toContain("0 nothing was compared");
});

it.each<[string, Given["totals"], Given["rows"], string[]]>([
  ["nothing was compared", {}, [{status: "no_data"}], ["unknown", "unknown", "unknown"]],
  ["everything agrees", {}, [{status: "reconciled"}], ["$0.00", "$0.00", "$0.00"]],
  [
    "both directions have a price",
    {underbilled_monthly: "48.00", overbilled_monthly: "30.50", net_monthly: "17.50", unpriced_count: "1"},
    [
      {status: "discrepancy", delta_quantity: "4", impact_monthly: "48.00"},
      {status: "discrepancy", delta_quantity: "-2", impact_monthly: "-30.50"},
      {status: "discrepancy", delta_quantity: "-2"},
    ],
    ["+$48.00", "−$30.50", "+$17.50"],
  ],
  [
    "more is used, at a price that nobody knows",
    {unpriced_count: "1"},
    [{status: "discrepancy", delta_quantity: "4"}],
    ["no price", "$0.00", "no price"],
  ],
  [
    "less is used, at a price that nobody knows",
    {unpriced_count: "1"},
    [{status: "discrepancy", delta_quantity: "-4"}],
    ["$0.00", "no price", "no price"],
  ],
  [
    "one direction has a price and the other none",
    {overbilled_monthly: "30.50", net_monthly: "-30.50", unpriced_count: "1"},
    [
      {status: "discrepancy", delta_quantity: "4"},
      {status: "discrepancy", delta_quantity: "-2", impact_monthly: "-30.50"},
    ],
    ["no price", "−$30.50", "−$30.50"],
  ],
  [
    "only what is billed in another currency has none",
    {},
    [{status: "reconciled"}, {status: "discrepancy", delta_quantity: "4", currency: "EUR"}],
    ["$0.00", "$0.00", "$0.00"],
  ],
])("takes no sum for 0 that nobody knows, where %s", (_, totals, rows, expected) => {
  const values = figures({totals: {discrepancy_count: "1", ...totals}, rows}).slice(0, 3);
  expect(values.map((text) => / per month (.*?) ?(revenue|credit|underbilled|nothing)/.exec(text)?.[1])).toEqual(
    expected,
  );
});

it("leads from the number of flags to the tab that lists them", () => {
  const shown = page({totals: {flagged_count: "3"}});
  document.body.replaceChildren(shown);
  HTMLElement.prototype.scrollIntoView = () => {};
  shown.querySelector<HTMLElement>(".figure button")?.click();
  expect(shown.querySelector('[role="tab"][aria-selected="true"]')?.textContent).toBe("Services (0)");
  expect(page().querySelector(".figure button")).toBeNull();
});

it("draws how the figures of a row came about at once, and where there are over a hundred when somebody opens it", () => {
  const drawn = (rows: number): [HTMLElement, number[]] => {
    const shown = page({rows: Array.from({length: rows}, () => ({status: "reconciled"}))});
    const all = [...shown.querySelectorAll(".derivation")];
    return [shown, all.map((one) => one.querySelectorAll(".derivation-body").length)];
  };
  expect(drawn(2)[1]).toEqual([1, 1]);
  const [shown, none] = drawn(101);
  expect(none).toEqual(Array(101).fill(0));
  const last = [...shown.querySelectorAll(".derivation")].at(-1);
  expect(last?.textContent).toBe("How 1 was counted");
  last?.dispatchEvent(new Event("toggle"));
  last?.dispatchEvent(new Event("toggle"));
  expect(shown.querySelectorAll(".derivation-body").length).toBe(1);
  expect(last?.textContent).toContain("What was counted");
});

it("shows fifty of a client's decisions at a time, and has all of them on paper", () => {
  const work = Array.from({length: 60}, (_, index) => ({
    ...{service_id: "S", service_name: "Mail", currency: "USD", discrepancy_type: "estimated", likely_cause: "unknown"},
    ...{invoiced_quantity: "1", expected_quantity: "2", delta_quantity: "1", impact_monthly: `${index}.00`},
    ...{decision_state: "open", product_id: null, product_name: null, connection_ids: null, cause_evidence: null},
    ...{decision: null, decision_reason: null, owner: null, known_since: null, age_days: null, prorated_amount: null},
    ...{decided_by: null, decided_at: null, period: null, until_date: null, agreed_quantity: null, agreed_amount: null},
  }));
  const shown = page({work});
  document.body.replaceChildren(shown);
  const rows = (): (string | undefined)[] =>
    [...shown.querySelectorAll(".client-decisions tbody tr")].map((row) => /\$\d+/.exec(row.textContent ?? "")?.[0]);
  expect([rows().length, rows()[0]]).toEqual([50, "$59"]);
  const next = (): HTMLButtonElement | null => shown.querySelector('.client-decisions [data-page="next"]');
  next()?.click();
  expect([rows().length, rows()[0]]).toEqual([10, "$9"]);
  expect((document.activeElement as HTMLElement).dataset.page).toBe("previous");
  window.dispatchEvent(new Event("beforeprint"));
  expect(rows().length).toBe(60);
  window.dispatchEvent(new Event("afterprint"));
  shown.querySelector<HTMLButtonElement>(".client-decisions [data-sort]")?.click();
  expect(rows().length).toBe(50);
});
