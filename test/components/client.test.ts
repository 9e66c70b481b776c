// @vitest-environment jsdom
import {expect, it} from "vitest";
import {client} from "../../src/components/client.js";
import type {ClientFile} from "../../src/lib/clientData.js";
import {table} from "./mappingData.js";
import {stateOf} from "./stateOf.js";

const parts = [
  ...["rows", "sources", "rules", "groups", "lines", "work", "adjustments", "counted", "flags", "integrations"],
  ...["accounts", "months", "changes"],
];

function figures(...integrations: {connection_id: string; seats_total: string | null}[]): string[] {
  const file = {
    ...{client_id: "C1", name: "Acme", slug: "~c1", as_of_date: "2026-11-30", connections: []},
    ...{previous: null, next: null},
    ...Object.fromEntries(parts.map((name) => [name, table()])),
    currencies: table({
      ...{currency: "USD", status: "active", seat_count: "0", service_count: "2", discrepancy_count: "0"},
      ...{underbilled_monthly: "0.00", overbilled_monthly: "0.00", net_monthly: "0.00", unpriced_count: "0"},
      ...{flagged_count: "0", inactive_count: "0", coverage_lines: "0", coverage_amount: "0"},
    }),
    integrations: table(
      ...integrations.map((one) => ({
        ...{...one, accounts_linked: one.seats_total, seats_deleted: null, seats_counted: null, seats_filtered: null},
        ...{seats_excluded: null, seats_unaccounted: null, last_success_at: null, last_attempt_at: null},
        ...{health: "green", health_reason: ""},
      })),
    ),
  } as unknown as ClientFile;
  const never = () => new Promise<never>(() => {});
  const page = client(file, {seats: never, mappings: never}, stateOf());
  return [...page.querySelectorAll(".figure")].map((one) => one.textContent?.replace(/\s+/g, " ").trim() ?? "");
}

it("shows as 0 the seats that a client is known not to have, and as unknown what was never read or linked", () => {
  const seats = (...integrations: Parameters<typeof figures>) =>
    figures(...integrations).find((text) => text.startsWith("Seats"));
  expect(seats({connection_id: "m365", seats_total: "0"})).toContain("0 counted or unaccounted, 0 inactive");
  expect(seats({connection_id: "m365", seats_total: null})).toContain("unknown no integration was read");
  expect(seats()).toContain("unknown no account is linked");
});

it("says of a client without discrepancies of whom nothing was compared that it was not", () => {
  const found = figures().find((text) => text.startsWith("Discrepancies"));
  expect(found).toContain("0 nothing was compared");
});
