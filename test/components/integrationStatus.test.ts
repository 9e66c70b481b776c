// @vitest-environment jsdom
import {describe, expect, it} from "vitest";
import {type IntegrationData, integrationStatus} from "../../src/components/integrationStatus.js";
import type {Quarantine, QuarantinedRow} from "../../src/components/quarantinedRows.js";
import type {Table} from "../../src/lib/rows.js";

const ordinary = {
  ...{connection_id: "rmm", connector: "csv-usage", kind: "usage", health: "green"},
  ...{health_reason: "The last sync succeeded.", last_success_at: "2026-11-23T02:00:00Z"},
  ...{last_attempt_at: "2026-11-23T02:00:00Z", last_error: null, rows_kept: "57", rows_quarantined: "3"},
  ...{reports_activity: "true", accounts_total: "2", accounts_linked: "2", accounts_excluded: "0"},
  ...{seats_total: "57", seats_deleted: "0", seats_unaccounted: "0"},
};

type Row = Readonly<Record<string, string | null>>;

function tableOf(rows: readonly Row[]): Table {
  const columns = Object.keys(rows[0] ?? {});
  return {columns, rows: rows.map((row) => columns.map((column) => row[column] ?? null))};
}

function page(given: Partial<Record<keyof IntegrationData, readonly Row[]>>): HTMLElement {
  const {integrations = [ordinary], quarantines = [], quarantined = [], problems = []} = given;
  return integrationStatus({
    integrations: tableOf(integrations),
    quarantines: tableOf(quarantines),
    quarantined: tableOf(quarantined),
    problems: tableOf(problems),
  });
}

it("shows how many rows were quarantined, and which id was probably meant by one that leads nowhere", () => {
  const problem = {problem: "unlisted", connection_id: "rmm", table_name: "seats", column_name: "account_id"};
  const shown = page({
    problems: [
      {...problem, missing_id: "Tenant", row_count: "2", similar_id: "tenant"},
      {...problem, missing_id: "other", row_count: "1", similar_id: null},
    ],
  });
  expect(shown.querySelector("tbody strong")?.textContent).toBe("3");
  const ids = [...shown.querySelectorAll("section tbody td:nth-child(4)")].map(({textContent}) => textContent);
  expect(ids).toEqual(["Tenantis tenant meant?", "other"]);
});

it("names the time that the data is of as every other page does", () => {
  const heads = [...page({}).querySelectorAll("thead th")].map(({textContent}) => textContent);
  expect(heads.slice(2, 4)).toEqual(["Data as of", "Last attempt"]);
});

it("leads from an integration to what it counts client by client, and from the PSA, which counts nothing, nowhere", () => {
  const shown = page({integrations: [ordinary, {...ordinary, connection_id: "psa", kind: "psa"}]});
  const links = [...shown.querySelectorAll("tbody th a")];
  expect(links.map((link) => [link.getAttribute("href"), link.textContent])).toEqual([
    ["./billing?integration=rmm", "rmm"],
  ]);
  expect(links[0]?.getAttribute("aria-label")).toBe("rmm: what it counts, client by client");
  expect(shown.textContent).toContain("leads to what it counts, client by client");
});

it("tells no quarantined rows, which are shown nowhere else, from those of a connection that never synced", () => {
  const shown = page({
    integrations: [
      {...ordinary, rows_quarantined: "0"},
      {...ordinary, connection_id: "new", last_success_at: null, rows_quarantined: "0"},
    ],
  });
  const cells = [...shown.querySelectorAll("tbody td:nth-child(6)")].map(({textContent}) => textContent);
  expect(cells).toEqual(["0", "unknown"]);
  expect(shown.querySelector(".quarantines")).toBeNull();
});

it("says of a connection what it reports, what of it is undecided with the way there, and with what its last sync failed", () => {
  const nothing = {accounts_total: null, accounts_linked: null, accounts_excluded: null};
  const psa = {...ordinary, ...nothing, connection_id: "psa", connector: "csv-psa", kind: "psa"};
  const shown = page({
    integrations: [
      {...psa, seats_total: null, seats_unaccounted: null, reports_activity: null, last_error: "an earlier one"},
      {
        ...{...ordinary, health: "red", health_reason: "The last sync failed.", last_error: "It answers 401."},
        ...{accounts_total: "10", accounts_linked: "5", accounts_excluded: "2", seats_unaccounted: "4"},
        reports_activity: "false",
      },
    ],
  });
  const rows = [...shown.querySelectorAll("tbody tr")].map((row) =>
    [...row.children].map(({textContent}) => textContent?.trim()),
  );
  expect(rows).toEqual([
    [
      ...["rmmcsv-usage, usage", "■ RedThe last sync failed. It answers 401."],
      ...["23 Nov 2026, 02:00 UTC", "23 Nov 2026, 02:00 UTC", "57", "3"],
      ...["5 of 102 excluded", "3", "57", "4", "not reported"],
    ],
    [
      ...["psacsv-psa, billing", "● GreenThe last sync succeeded.", "23 Nov 2026, 02:00 UTC", "23 Nov 2026, 02:00 UTC"],
      ...["57", "3", "—", "—", "—", "—", "—"],
    ],
  ]);
  expect([...shown.querySelectorAll("tbody td a")].map((link) => [link.getAttribute("href"), link.ariaLabel])).toEqual([
    ["./mapping/clients?integration=rmm", "3 unlinked accounts of rmm"],
    ["./mapping/services?integration=rmm", "4 unaccounted seats of rmm"],
  ]);
});

it("counts deleted seats as seats, and says how many they are", () => {
  const seats = (row: Row) => page({integrations: [row]}).querySelector("tbody td:nth-child(9)")?.textContent;
  expect(seats(ordinary)).toBe("57");
  expect(seats({...ordinary, seats_deleted: "1200", seats_total: "3000"})).toBe("3,0001,200 deleted");
});

describe("quarantined rows", () => {
  const quarantine: Row & Quarantine = {
    ...{connection_id: "rmm", health: "green", sync_id: "20261123T020000000Z"},
    ...{rows_quarantined: "3", row_count: "3", reason_count: "1"},
  };
  const row: Row & QuarantinedRow = {
    ...{
      connection_id: "rmm",
      reason_place: "1",
      table_name: "seats",
      column_name: "kind",
      reason: "expected one of user",
    },
    ...{reason_rows: "3", file: "seats.csv", line: "12", record_id: null, value: "tablet"},
  };
  const text = (shown: HTMLElement, selector: string) =>
    [...shown.querySelectorAll(`.quarantines ${selector}`)].map(({textContent}) =>
      textContent?.replace(/\s+/g, " ").trim(),
    );

  it("stand under their reason with file, line and value, the others in words", () => {
    const shown = page({quarantines: [quarantine], quarantined: [row, {...row, line: "40", value: null}]});
    expect(text(shown, "summary")).toEqual(["rmm 3 rows, 1 reason"]);
    expect(text(shown, "tbody > tr > *")).toEqual([
      ...["kind in seatsexpected one of user", "3", "seats.csv:12", "tablet"],
      ...["seats.csv:40", "empty", "and 1 more row"],
    ]);
    const {href = ""} = shown.querySelector<HTMLAnchorElement>(".quarantines a") ?? {};
    expect(new URL(href).searchParams.get("sql")).toBe(
      "select * from quarantined_rows where connection_id = 'rmm' order by row_number",
    );
    expect(text(shown, "p").at(-1)).toBe(
      "All 3 in SQL. In full length, with whole lines and records, they are in the lake: rmm/20261123T020000000Z/quarantine.parquet.",
    );
  });

  it("of a vendor stand with the record's id and the request", () => {
    const record = {...row, column_name: null, file: "GET /users", line: null, record_id: "id 7", value: null};
    const shown = page({quarantines: [quarantine], quarantined: [record]});
    expect(text(shown, "tbody > tr:first-child > *")).toEqual([
      ...["whole record in seatsexpected one of user", "3", "id 7GET /users", ""],
    ]);
  });

  it("are shown as text, cut where they are long", () => {
    const shown = page({
      quarantines: [quarantine],
      quarantined: [{...row, file: "<b>.csv", value: `<img src=x onerror=alert(1)>${"9".repeat(200)}`}],
    });
    expect(shown.querySelector("img, .quarantines b")).toBeNull();
    const [place, value = ""] = text(shown, "code");
    expect(place).toBe("<b>.csv:12");
    expect(value).toMatch(/^<img src=x onerror=alert\(1\)>9+…$/);
    expect(value).toHaveLength(80);
  });

  it("are unfolded where their reasons are few, and say how many have other reasons or were only counted", () => {
    const rows = Array.from({length: 20}, (_, index) => ({...row, reason_place: String(index + 1), reason_rows: "50"}));
    const shown = page({
      quarantines: [
        {...quarantine, connection_id: "few"},
        {...quarantine, rows_quarantined: "12345", row_count: "2235", reason_count: "30"},
      ],
      quarantined: [{...row, connection_id: "few"}, ...rows],
    });
    const folds = [...shown.querySelectorAll<HTMLDetailsElement>(".quarantines details")];
    expect(folds.map(({open}) => open)).toEqual([true, false]);
    expect(text(shown, "summary")).toEqual(["few 3 rows, 1 reason", "rmm 12,345 rows, 30 reasons"]);
    expect(text(shown, "details:last-of-type p").slice(0, 2)).toEqual([
      "And 1,235 more rows for 10 other reasons.",
      "10,110 more were only counted: a sync writes down the first 10,000 rows of a file with the same kind of fault, and a record that takes up several lines once.",
    ]);
  });

  it("are those of the sync in use where a later one failed, and unknown where their file is gone", () => {
    const shown = page({
      quarantines: [
        {...quarantine, health: "red"},
        {...quarantine, connection_id: "gone", row_count: null, reason_count: null},
      ],
      quarantined: [row],
    });
    expect(text(shown, "details:first-of-type > p")).toEqual([
      "The last sync failed. These are of the earlier one that is still in use.",
    ]);
    expect(text(shown, "details:last-of-type > *")).toEqual([
      "gone 3 rows",
      "Which ones is not known any more: the lake has no gone/20261123T020000000Z/quarantine.parquet.",
    ]);
  });
});

it("lists first what has failed, then what is old, and the others as they come", () => {
  const having = (connection_id: string, health: string) => ({...ordinary, connection_id, health});
  const given = [having("psa", "green"), having("edr", "yellow"), having("mfa", "green"), having("rmm", "red")];
  const names = [...page({integrations: given}).querySelectorAll("tbody th")].map((one) => one.textContent);
  expect(names).toEqual(["rmm", "edr", "psa", "mfa"].map((id) => `${id}csv-usage, usage`));
});
