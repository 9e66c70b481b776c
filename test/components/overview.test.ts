// @vitest-environment jsdom
import {describe, expect, it} from "vitest";
import {type OverviewData, overview} from "../../src/components/overview.js";
import {rowsOf} from "../../src/lib/rows.js";
import {table} from "./mappingData.js";
import {stateOf} from "./stateOf.js";

const none = {columns: [], rows: []};
const state = stateOf();

function given(summary: Record<string, string | null>, usageReadAt: string | null): OverviewData {
  const row = {
    currency: "EUR",
    clients_total: "1",
    clients_reconciled: "0",
    clients_discrepant: "0",
    clients_uncompared: "0",
    discrepancy_count: "0",
    underbilled_monthly: "0.00",
    overbilled_monthly: "0.00",
    net_monthly: "0.00",
    unpriced_count: "0",
    unpriced_under: "0",
    unpriced_over: "0",
    coverage_lines: "0.000000",
    coverage_amount: "0.000000",
    unlinked_accounts: "0",
    unaccounted_products: "0",
    ...summary,
  };
  return {
    summary: {columns: Object.keys(row), rows: [Object.values(row)]},
    integrations: {
      columns: ["connection_id", "kind", "health", "health_reason", "last_success_at", "rows_left_out"],
      rows: [["m365", "usage", usageReadAt === null ? "red" : "green", "", usageReadAt, "0"]],
    },
    next: none,
    flags: none,
    by_client: none,
    by_service: none,
    by_type: none,
    by_integration: none,
  };
}

it("never shows as clean what could not be compared", () => {
  const text = overview(given({clients_uncompared: "1"}, null), state).textContent ?? "";
  expect(text).toContain("Nothing could be compared, so nothing is known to be under- or overbilled.");
  expect(text).toContain("nothing was compared");
  expect(text).toContain("No integration has been read yet");
  expect(text).not.toContain("Every account is linked or excluded");
  expect(text).toContain("Overbilled per month");
  expect(text).toContain("unknown");
  expect(text).not.toContain("€0.00");
});

it("says all is mapped of the integrations that were read alone, where others were not", () => {
  const every = /(Of the integrations that were read, e|E)very account is linked or excluded/;
  const text = (kind: string, last_success_at: string | null): string | undefined => {
    const integrations = table(
      {connection_id: "m365", kind: "usage", health: "green", last_success_at: "2026-11-23", rows_left_out: "0"},
      {connection_id: "other", kind, health: "red", last_success_at, rows_left_out: "0"},
    );
    return overview({...given({clients_reconciled: "1"}, null), integrations}, state).textContent?.match(every)?.[1];
  };
  expect(text("usage", "2026-11-23")).toBe("E");
  expect(text("psa", null)).toBe("E");
  expect(text("usage", null)).toBe("Of the integrations that were read, e");
});

it("counts no product of an account without a client as covered", () => {
  const text = (unlinked_accounts: string) =>
    overview(given({unlinked_accounts, unaccounted_seats: "3"}, "2026-11-23T02:00:00Z"), state).textContent;
  expect(text("2")).toContain("Without those of accounts that have no client.");
  expect(text("0")).not.toContain("Without those of accounts");
});

it("says so where everything was compared and agrees", () => {
  const compared = {clients_reconciled: "1", coverage_lines: "1.000000", coverage_amount: "1.000000"};
  const text = overview(given(compared, "2026-11-23T02:00:00Z"), state).textContent ?? "";
  expect(text).toContain("none in what was compared");
  expect(text).toContain("Every account is linked or excluded");
  expect(text).toContain("Nothing is under- or overbilled.");
  expect(text).toContain("€0.00");
});

it("says once that nothing has an impact, and calls nothing right that has no price", () => {
  const page = (found: Record<string, string>) => overview(given({clients_reconciled: "1", ...found}, null), state);
  expect(page({}).textContent?.match(/Nothing is under- or overbilled\./g)).toHaveLength(1);
  const unpriced = page({clients_discrepant: "1", discrepancy_count: "2", unpriced_count: "2"});
  expect(unpriced.textContent).not.toContain("Nothing is under- or overbilled.");
  expect(unpriced.textContent).toContain("What differs without one comes to an unknown amount.");
});

it("says how many products wait for a rule, be it that only totals of them are known", () => {
  const text = (unaccounted_products: string) =>
    overview(given({unaccounted_products}, "2026-11-23T02:00:00Z"), state).textContent ?? "";
  expect(text("1")).toContain("1 product in use that no rule covers");
  expect(text("2")).toContain("2 products in use that no rule covers");
  expect(text("1")).not.toContain("every product in use is covered by a rule");
});

it.each([
  ["1", "1 without a price: its money is unknown"],
  ["2", "2 without a price: their money is unknown"],
])("says how many of the discrepancies have no price: %s", (unpriced_count, expected) => {
  const found = {clients_discrepant: "1", discrepancy_count: "3", unpriced_count};
  expect(overview(given(found, "2026-11-23T02:00:00Z"), state).textContent).toContain(expected);
});

it("says of a workspace without clients that nothing is billed", () => {
  const text = overview(given({clients_total: "0", coverage_lines: null, coverage_amount: null}, "2026-11-23"), state);
  expect(text.textContent).toContain("nothing is billed");
});

it("says how many characters the longest figure has, so that all are set small enough for it", () => {
  const large = {clients_total: "10000", clients_discrepant: "9800", underbilled_monthly: "16335788.00"};
  const figures = overview(given(large, null), state).querySelector<HTMLElement>(".figures");
  expect(figures?.style.getPropertyValue("--characters")).toBe(String("+€16,335,788.00".length));
  expect(figures?.textContent).toContain("9,800 of 10,000");
});

it("shows what is overbilled as less, and says how many discrepancies have no price", () => {
  const found = {
    ...{clients_discrepant: "1", discrepancy_count: "5", unpriced_count: "2"},
    underbilled_monthly: "12.00",
  };
  const page = (over: Record<string, string>) =>
    overview(given({...found, overbilled_monthly: "3.00", ...over}, null), state);
  const figures = (of: HTMLElement) =>
    [...of.querySelectorAll(".figure")].map((figure) => figure.children[1]?.textContent?.trim());
  expect(figures(page({})).slice(0, 2)).toEqual(["+€12.00", "−€3.00"]);
  expect(page({}).textContent).toContain("2 without a price: their money is unknown");
  expect(page({unpriced_count: "0"}).textContent).toContain("all with a price");
});

it.each([
  ["1", "0", {}, ["no price", "€0.00", "no price"]],
  ["0", "1", {}, ["€0.00", "no price", "no price"]],
  ["1", "1", {}, ["no price", "no price", "no price"]],
  ["1", "0", {overbilled_monthly: "3.00", net_monthly: "-3.00"}, ["no price", "−€3.00", "−€3.00"]],
  ["1", "0", {underbilled_monthly: "12.00", net_monthly: "12.00"}, ["+€12.00", "€0.00", "+€12.00"]],
])("never shows as 0 what only discrepancies without a price are in: %s under, %s over", (under, over, sums, shown) => {
  const unpriced = {unpriced_count: `${Number(under) + Number(over)}`, unpriced_under: under, unpriced_over: over};
  const found = {clients_discrepant: "1", discrepancy_count: "2", ...unpriced, ...sums};
  const figures = [...overview(given(found, "2026-11-23"), state).querySelectorAll(".figure")].slice(0, 3);
  expect(figures.map((figure) => figure.children[1]?.textContent?.trim())).toEqual(shown);
  const leads = figures.map((figure) => figure.querySelector(".explain a") !== null);
  expect(leads.slice(0, 2)).toEqual(shown.slice(0, 2).map((amount) => amount !== "€0.00"));
});

it("counts connections by their health, and says of those that are not well why", () => {
  const columns = ["connection_id", "kind", "health", "health_reason", "last_success_at", "rows_left_out"];
  const rows = [
    ["m365", "usage", "green", "It is well.", "2026-11-23T02:00:00Z", "0"],
    ["rmm", "usage", "yellow", "It is old.", "2026-11-19T02:00:00Z", "0"],
    ["edr", "usage", "red", "It failed.", null, "0"],
    ["psa", "psa", "green", "It is well.", "2026-11-23T02:00:00Z", "0"],
  ];
  const page = overview({...given({}, null), integrations: {columns, rows}}, state);
  expect([...page.querySelectorAll(".health-counts strong")].map(({textContent}) => textContent)).toEqual([
    "2",
    "1",
    "1",
  ]);
  const panel = page.querySelector(".health-counts")?.parentElement;
  expect([...(panel?.querySelectorAll("li") ?? [])].map(({textContent}) => textContent)).toEqual([
    "▲ Yellow rmm: It is old.Data as of: 19 Nov 2026, 02:00 UTC",
    expect.stringMatching(/^■ Red edr: It failed\.Data as of: /),
  ]);
  const links = [...(panel?.querySelectorAll("li a") ?? [])].map((link) => link.getAttribute("href"));
  expect(links).toEqual(["./billing?integration=rmm", "./billing?integration=edr"]);
  const ailingPsa = {columns, rows: [["psa", "psa", "red", "It failed.", null, "0"]]};
  const withPsa = overview({...given({}, null), integrations: ailingPsa}, state);
  expect(withPsa.querySelector(".health-counts")?.parentElement?.querySelector("li a")).toBeNull();
});

it("says of connections, well as they may be, how many of their rows are in no figure", () => {
  const well = {health: "green", health_reason: "", last_success_at: "2026-11-23T02:00:00Z"};
  const integrations = table(
    {connection_id: "psa", kind: "psa", ...well, rows_left_out: "1200"},
    {connection_id: "rmm", kind: "usage", ...well, rows_left_out: "1"},
    {connection_id: "edr", kind: "usage", ...well, rows_left_out: "0"},
  );
  const page = overview({...given({}, null), integrations}, state);
  const items = [...(page.querySelector(".health-counts")?.parentElement?.querySelectorAll("li") ?? [])];
  expect(items.map(({textContent}) => textContent)).toEqual([
    "psa: 1,200 rows are in no figure.Part of what is billed may be missing.",
    "rmm: 1 row is in no figure.What is counted may be too low.",
  ]);
  expect(items.map((item) => item.querySelector("a")?.getAttribute("href"))).toEqual([
    "./integrations",
    "./integrations",
  ]);
});

it("counts all flags, and leads to the errors and to the one of the currency shown with most at stake", () => {
  const columns = ["currency", "flag_count", "error_count", "most_at_stake", "client_id", "client_name", "flag_code"];
  const rows = [
    ["EUR", "1200", "1", "2581.50", "C1", "Acme", "not_invoiced"],
    ["USD", "1", "0", null, null, null, null],
  ];
  const panel = (found: (string | null)[][]): HTMLElement => {
    const page = overview({...given({}, null), flags: {columns, rows: found}}, state);
    return [...page.querySelectorAll<HTMLElement>(".panel")].find((one) =>
      one.textContent?.includes("Invoices"),
    ) as HTMLElement;
  };
  const text = (found: (string | null)[][]) => panel(found).textContent?.replace(/\s+/g, " ");
  expect(text(rows)).toContain("1,201 flags, 1 error");
  expect(text(rows)).toContain("Acmemost at stake: not invoiced €2,581.50");
  expect([...panel(rows).querySelectorAll("a")].map((link) => link.getAttribute("href"))).toEqual([
    "./billing?section=flagged",
    "./billing?section=flagged&severity=error",
    "./billing?section=flagged&client=C1&flag=not_invoiced",
  ]);
  expect(text(rows.slice(1))).toContain("1 flag, 0 errors");
  expect(panel(rows.slice(1)).querySelectorAll("a").length).toBe(1);
  expect(text([])).toContain("Nothing to look at: no flags.");
});

describe("what to bill or credit next", () => {
  const columns = [
    "currency",
    "place",
    "client_name",
    "slug",
    "label",
    "delta_quantity",
    "impact_monthly",
    "likely_cause",
    "open_count",
  ];
  const panel = (summary: Record<string, string>, rows: (string | null)[][]) => {
    const page = overview({...given(summary, "2026-11-23"), next: {columns, rows}}, state);
    return [...page.querySelectorAll(".panel")].find((one) => one.textContent?.includes("To bill or credit next"));
  };

  it("lists the largest open discrepancies of the currency shown, and leads to all of them", () => {
    const found = panel({clients_discrepant: "1", discrepancy_count: "7"}, [
      ["EUR", "1", "<b>Acme</b>", "acme", "Backup", "-4.0000", "-48.00", "sync", "7"],
      ["EUR", "2", "Bolt", "bolt", "Azure Plan", "1.0000", null, "billing_gap", "7"],
      ["USD", "1", "Other", "other", "Backup", "1.0000", "9.00", "sync", "1"],
    ]);
    const items = [...(found?.querySelectorAll("li") ?? [])].map(({textContent}) => textContent);
    expect(items).toEqual(["<b>Acme</b>−4 Backup · sync−€48.00", "Bolt+1 Azure Plan · billing gapno price"]);
    expect([...(found?.querySelectorAll("a") ?? [])].map((link) => link.getAttribute("href"))).toEqual([
      "./clients/acme",
      "./clients/bolt",
      "./work",
    ]);
    expect(found?.textContent).toContain("All 7 open discrepancies");
  });

  it.each([
    ["Everything that was found is decided.", {clients_discrepant: "1", discrepancy_count: "2"}],
    ["Nothing: what was compared agrees.", {clients_reconciled: "1"}],
    ["Nothing was compared yet.", {clients_uncompared: "1"}],
  ])("says %s where that is so", (text, summary) => {
    expect(panel(summary, [])?.textContent).toContain(text);
  });
});

it("leads from every figure at the top to what makes it up, in its currency, and from 0 nowhere", () => {
  const links = (summary: Record<string, string>, ...open: Record<string, string>[]) => {
    const found = {clients_discrepant: "2", discrepancy_count: "5", ...summary};
    const summaries = [found, {currency: "USD"}].map((one) => rowsOf<Record<string, string>>(given(one, null).summary));
    const page = overview({...given({}, null), summary: table(...summaries.flat()), next: table(...open)}, state);
    return [...page.querySelectorAll(".figure .explain a")].map((link) => link.getAttribute("href"));
  };
  const open = {
    ...{currency: "EUR", client_name: "Acme", slug: "~acme", label: "Mail", delta_quantity: "1"},
    ...{impact_monthly: "12.00", likely_cause: "billing_gap", open_count: "3"},
  };
  expect(links({underbilled_monthly: "12.00", overbilled_monthly: "3.00"}, open)).toEqual([
    "./billing?direction=under&currency=EUR",
    "./billing?direction=over&currency=EUR",
    "./billing?type=calculated%2Cestimated%2Cunmapped%2Cunaccounted&currency=EUR",
    "./billing?sort=coverage&currency=EUR",
    "./work?currency=EUR",
    "./work?list=decided&currency=EUR",
  ]);
  expect(links({clients_discrepant: "0", clients_reconciled: "1", discrepancy_count: "0"})).toEqual([
    "./billing?sort=coverage&currency=EUR",
  ]);
  expect(links({discrepancy_count: "5"}).slice(-1)).toEqual(["./work?list=decided&currency=EUR"]);
});
