import {expect, it} from "vitest";
import {describeClosed, describePeriods, describeSummary, describeSyncs} from "../../loaders/describeResults.js";
import type {SyncRecord} from "../../loaders/lake/lake.js";
import type {Manifest, Snapshot} from "../../loaders/snapshots/snapshots.js";

it("says 100% of what is whole only, as the pages do", () => {
  const coverage = (lines: string | null, amount: string | null) =>
    describeSummary([{currency: "USD", coverage_lines: lines, coverage_amount: amount}], "USD")[2];
  expect(coverage("0.999600", "1.000000")).toBe("  coverage: 99.9% of billed lines, 100.0% of their amount");
  expect(coverage("0.912345", null)).toBe("  coverage: 91.2% of billed lines, — of their amount");
});

const dollars = {
  ...{currency: "USD", underbilled_monthly: "1.00", overbilled_monthly: "0.00", net_monthly: "1.00"},
  ...{discrepancy_count: "1", unpriced_count: "0", coverage_lines: "0.500000", coverage_amount: "0.250000"},
  ...{clients_total: "9", clients_discrepant: "1", clients_reconciled: "6000", clients_uncompared: "2"},
  ...{unlinked_accounts: "3", unaccounted_products: "40"},
};

it("counts one discrepancy, one account and one product as one", () => {
  const [line, , , toDecide] = describeSummary(
    [{...dollars, unlinked_accounts: "1", unaccounted_products: "1"}],
    "USD",
  );
  expect(line).toBe("USD: underbilled 1.00, overbilled 0.00 a month in 1 discrepancy");
  expect(toDecide).toBe("to decide: 1 unlinked account, 1 unaccounted product");
});

it("has a paragraph for each currency, the workspace's first, and says once what is left to decide", () => {
  const euros = {...dollars, currency: "EUR", discrepancy_count: "7", unpriced_count: "2000"};
  const clients = "  clients: 1 with discrepancies, 6,000 reconciled, 2 not compared";
  const coverage = "  coverage: 50.0% of billed lines, 25.0% of their amount";
  expect(describeSummary([{...dollars, currency: "AUD"}, dollars, euros], "EUR")).toEqual([
    "EUR: underbilled 1.00, overbilled 0.00 a month in 7 discrepancies (2,000 of them without a price)",
    clients,
    coverage,
    "AUD: underbilled 1.00, overbilled 0.00 a month in 1 discrepancy",
    clients,
    coverage,
    "USD: underbilled 1.00, overbilled 0.00 a month in 1 discrepancy",
    clients,
    coverage,
    "to decide: 3 unlinked accounts, 40 unaccounted products",
  ]);
});

it("says of a side that nothing with a price makes up that it is unknown, as the pages do, and so where nothing was compared", () => {
  const first = (given: Readonly<Record<string, string>>) => describeSummary([{...dollars, ...given}], "USD")[0];
  const none = {underbilled_monthly: "0.00", net_monthly: "0.00"};
  expect(first({...none, unpriced_count: "1", unpriced_under: "1", unpriced_over: "0"})).toBe(
    "USD: underbilled unknown, overbilled 0.00 a month in 1 discrepancy (1 of them without a price)",
  );
  expect(first({unpriced_count: "1", unpriced_under: "1", unpriced_over: "0"})).toContain(
    "underbilled 1.00, overbilled 0.00 a",
  );
  expect(first({clients_discrepant: "0", clients_reconciled: "0"})).toBe(
    "USD: nothing was compared, so what is under- or overbilled is unknown",
  );
  const period = (given: Record<string, string>) => {
    const totals = [{...dollars, ...none, ...given}];
    const snapshot = {
      name: "2026-10",
      folder: "",
      period: "2026-10",
      isSuperseded: false,
      checksum: "0123456789abcdef",
    };
    return describePeriods([{...snapshot, manifest: manifest({totals})}], [[]], "USD")[0];
  };
  expect(period({unpriced_under: "0", unpriced_over: "2"})).toContain("under 0.00  over unknown  net unknown");
  expect(period({clients_discrepant: "0", clients_reconciled: "0"})).toContain(
    "under unknown  over unknown  net unknown",
  );
  // An earlier version does not say which side it is.
  expect(period({unpriced_count: "2"})).toContain("under 0.00  over 0.00  net 0.00");
});

function sync(connection_id: string, given: Partial<SyncRecord> = {}): SyncRecord {
  return {
    ...{sync_id: "1", connection_id, connector: "csv", side: "usage", status: "succeeded"},
    ...{started_at: "2026-11-23T02:00:00.000Z", ended_at: "2026-11-23T02:00:01.250Z", fresh_at: null},
    ...{rows_read: 12, rows_kept: 12, rows_quarantined: 0, files: [], notes: [], failed_parts: [], error: null},
    ...{state: null, fingerprint: "", full_at: "2026-11-23T02:00:00.000Z"},
    ...given,
  };
}

it("says of each sync what it kept, and under it what was left out or went wrong", () => {
  const file = {table: "seats", file: "seats.csv", rows_read: 8, rows_kept: 7, rows_quarantined: 1};
  const records = [
    sync("psa"),
    sync("m365", {full_at: "2026-11-01T02:00:00.000Z", notes: ["Names are hidden."]}),
    sync("rmm", {
      ...{status: "partial", rows_kept: 11, rows_quarantined: 1, full_at: null},
      files: [file, {...file, table: "accounts", file: null}, {...file, file: "whole.csv", rows_quarantined: 0}],
      failed_parts: [
        {part: "Acme", reason: "it answers 403.", account_id: "a1", has_usage: true},
        {part: "Beta", reason: "it answers 403.", account_id: "b1", has_usage: false},
      ],
    }),
    sync("duo", {status: "failed", error: "It answers 401."}),
  ];
  expect(describeSyncs(records, [[], [], ['seats.csv:3 kind "x"'], []])).toEqual([
    "psa   succeeded  12 rows kept                                                    1.3 s",
    "m365  succeeded  12 rows kept (changes only; everything was read on 2026-11-01)  1.3 s",
    "  Names are hidden.",
    "rmm   partial    11 rows kept, 1 quarantined                                     1.3 s",
    "  seats.csv: 7 of 8 rows kept, 1 quarantined",
    "  accounts: 7 of 8 rows kept, 1 quarantined",
    '    seats.csv:3 kind "x"',
    "  Acme could not be read and keeps its earlier data: it answers 403.",
    "  Beta could not be read, and there is none of its usage from earlier, so that it is unknown: it answers 403.",
    "duo   failed                                                                     1.3 s",
    "  It answers 401.",
    "  Data of an earlier sync, if there is any, stays in use.",
  ]);
});

function manifest(given: Partial<Manifest> = {}): Manifest {
  return {
    ...{format: 1, period: "2026-10", as_of: "2026-10-31T23:59:59.999Z", closed_at: "2026-11-02T08:00:00Z"},
    ...{
      supersedes: null,
      syncs: [],
      totals: [dollars],
      files: ["a", "b"].map((path) => ({path, bytes: 1, sha256: "ab"})),
    },
    ...given,
  };
}

it("says of a closed period where its snapshot is and what it has, and warns where days were left", () => {
  const checksum = "0123456789abcdef";
  const figures = describeSummary([dollars], "USD");
  expect(describeClosed({manifest: manifest(), checksum, daysBeforeEnd: 0}, "USD")).toEqual([
    "Closed 2026-10 as of 2026-10-31: 2 files in snapshots/2026-10, checksum 0123456789abcdef.",
    ...figures,
  ]);
  const again = manifest({supersedes: "2026-10.superseded-1", as_of: "2026-10-30T23:59:59.999Z"});
  expect(describeClosed({manifest: again, checksum, daysBeforeEnd: 1}, "USD")).toEqual([
    "Closed 2026-10 as of 2026-10-30: 2 files in snapshots/2026-10, checksum 0123456789abcdef.",
    "The earlier snapshot is snapshots/2026-10.superseded-1 now.",
    "warning: the figures are as of 1 day before the month's end.",
    ...figures,
  ]);
});

it("lists closed periods with a line for each currency, and which of them were changed since", () => {
  const snapshot = (name: string, totals: Manifest["totals"]): Snapshot => ({
    ...{name, folder: name, period: name.slice(0, 7), isSuperseded: name.length > 7, checksum: "0123456789abcdef"},
    manifest: manifest({totals}),
  });
  const euros = {...dollars, currency: "EUR", underbilled_monthly: "1234.50", coverage_amount: null};
  expect(describePeriods([], [], "USD")).toEqual(["No period is closed. `trueup close --period 2026-10` closes one."]);
  expect(
    describePeriods(
      [snapshot("2026-10", [euros, dollars]), snapshot("2026-10.superseded-1", [dollars])],
      [[], ["x"]],
      "USD",
    ),
  ).toEqual([
    "2026-10               2026-10-31  USD  under 1.00     over 0.00  net 1.00  coverage 25.0%  intact 0123456789ab",
    "2026-10               2026-10-31  EUR  under 1234.50  over 0.00  net 1.00  coverage —      intact 0123456789ab",
    "2026-10.superseded-1  2026-10-31  USD  under 1.00     over 0.00  net 1.00  coverage 25.0%  CHANGED",
  ]);
});
