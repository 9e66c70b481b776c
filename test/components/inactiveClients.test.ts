// @vitest-environment jsdom
import {beforeEach, expect, it} from "vitest";
import {inactiveSeats} from "../../src/components/inactiveSeats.js";
import {urlState} from "../../src/lib/urlState.js";
import {exported} from "./exported.js";
import {filtersSet} from "./filtersSet.js";

const columns = [
  ...["client_id", "slug", "client_name", "connection_id", "activity_state", "currency"],
  ...["seat_count", "monthly_value", "days_inactive"],
];
const groups = {
  columns,
  rows: [
    ["a", "~a", "Alder", "m365", "inactive", "USD", "1200", "14400.00", "90"],
    ["a", "~a", "Alder", "m365", "never_active", "USD", "300", "3600.00", null],
    ["a", "~a", "Alder", "backup", "inactive", "EUR", "2", "10.50", "40"],
    ["a", "~a", "Alder", "backup", "inactive", null, "5", null, "33"],
    ["b", null, "Birch", "backup", "never_active", null, "7", null, null],
  ],
};
const none = {columns: ["connection_id", "last_success_at"], rows: []};
const shown = (stale = none) =>
  inactiveSeats({inactive_after_days: 21, is_read: true, is_activity_known: true, stale, groups}, urlState());
const cells = (parent: Element, row: string) =>
  [...parent.querySelectorAll(`${row} > *`)].map(({textContent}) => textContent?.trim());

beforeEach(() => history.replaceState(null, "", "/billing"));

it("adds up what is too much to list, client by client, each currency apart", () => {
  const section = shown();
  expect(section.textContent).toContain("1,514 seats are too many for one list");
  expect(cells(section, "thead tr")).toEqual([
    ...["Client", "Inactive seats↓", "Never used", "Most days unused"],
    ...["Value per month, EUR", "Value per month, USD", "Without a price"],
  ]);
  expect(cells(section, "tbody tr:nth-child(1)")).toEqual(["Alder", "1,507", "300", "90", "€10.50", "$18,000.00", "5"]);
  expect(cells(section, "tbody tr:nth-child(2)")).toEqual(["Birch", "7", "7", "—", "€0.00", "$0.00", "7"]);
  expect(cells(section, "tfoot tr")).toEqual(["Total", "1,514", "307", "", "€10.50", "$18,000.00", "12"]);
});

it("says up to when use is known where that is not today", () => {
  const stale = (...rows: string[][]) => shown({...none, rows} as unknown as typeof none).textContent;
  expect(stale(["rmm", "2026-10-31T20:00:00Z"])).toContain(
    "The data of rmm is of 31 Oct 2026, 20:00 UTC: what was used since then may stand here as unused.",
  );
  expect(stale()).not.toContain("since then");
});

it("opens the unused seats of a client on its own page, if it has one", () => {
  const links = [...shown().querySelectorAll("tbody a")].map((link) => link.getAttribute("href"));
  expect(links).toEqual(["./clients/~a?tab=seats&state=inactive,never_active"]);
});

it("exports each client with its seats, and its values by currency", async () => {
  expect(await exported(shown())).toEqual([
    "client_id,client_name,inactive_seats,never_active_seats,most_days_inactive,monthly_value_eur,monthly_value_usd,seats_without_price",
    "a,Alder,1507,300,90,10.50,18000.00,5",
    "b,Birch,7,7,,0.00,0.00,7",
  ]);
});

it("counts anew what passes the filters", () => {
  history.replaceState(null, "", "/billing?integration=m365&state=never_active");
  const section = shown();
  expect(section.querySelector(".count")?.textContent).toBe("1 of 2 clients");
  expect(section.querySelector("tbody a")?.getAttribute("href")).toMatch(/^\.\/clients\/~a\?/);
  expect(cells(section, "tbody tr")).toEqual(["Alder", "300", "300", "—", "€0.00", "$3,600.00", "0"]);
  for (const [address, set] of [
    ["client=b", "Client: Birch"],
    ["search=bir", "Search clients: bir"],
  ]) {
    history.replaceState(null, "", `/billing?${address}`);
    const own = shown();
    expect(filtersSet(own)).toBe(set);
    expect(cells(own, "tbody tr")[0]).toBe("Birch");
  }
});
