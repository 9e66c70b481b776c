// @vitest-environment jsdom
import {beforeEach, expect, it} from "vitest";
import {workList} from "../../src/components/workList.js";
import type {CsvRow} from "../../src/lib/csvText.js";
import {queryOf} from "../../src/lib/queryAddress.js";
import {exported} from "./exported.js";
import {files, table} from "./mappingData.js";
import {stateOf} from "./stateOf.js";

beforeEach(() => localStorage.clear());

const none = {columns: [], rows: []};
const row = (client_name: string, currency: string) => ({
  ...{client_id: client_name, slug: client_name, client_name, service_id: "S1", service_name: "Mail", currency},
  ...{connection_ids: "m365", product_id: null, product_name: null, discrepancy_type: "calculated"},
  ...{
    likely_cause: "billing_gap",
    cause_evidence: null,
    invoiced_quantity: "1.0000",
    expected_quantity: "2.0000",
    delta_quantity: "1.0000",
  },
  ...{impact_monthly: "12.00", decision_state: "open", decision: null, decision_reason: null, owner: null},
  ...{age_days: null, known_since: null, period: null, until_date: null, decided_at: null, decided_by: null},
  ...{prorated_amount: null, days_left: null, days_in_period: null, period_end: "2026-12-01"},
});
const gone = {
  ...{client_id: "C1", slug: null, client_name: "Zenith", service_id: "S1", product_id: null, label: "Mail"},
  ...{decision: "credit", decision_reason: "as agreed", decided_delta_quantity: "-5.0000", owner: "Reyes, Dana"},
  ...{decided_impact_monthly: "-32.50", currency: "USD", agreed_quantity: "5.0000", agreed_amount: "25.00"},
  ...{agreed_currency: "USD", decided_by: "Sam", decided_at: "2026-09-30T09:00:00Z", gone_in: "2026-10"},
  ...{evidence: "Less is billed. Expected 21, billed 26 → 21.", state: "settled"},
};

const open = (
  values: Record<string, string> = {},
  over: {gone?: ReturnType<typeof table>; rows?: ReturnType<typeof table>} = {},
) =>
  workList(
    {totals: none, rows: table(row("Acme", "USD"), row("Bolt", "USD"), row("Cord", "EUR")), gone: none, ...over},
    {files, workspace: "Test"},
    stateOf(values),
  );

const clientsOf = (page: HTMLElement) => [...page.querySelectorAll("tbody th")].map(({textContent}) => textContent);
const decideAll = (page: HTMLElement) => page.querySelector<HTMLButtonElement>("[data-decide-all]");

it("has one currency in sight where that is asked for, and offers the choice of several only", () => {
  expect(clientsOf(open({currency: "EUR"}))).toEqual(["Cord"]);
  const labels = (page: HTMLElement) => [...page.querySelectorAll("label")].map(({textContent}) => textContent);
  expect(labels(open()).some((label) => label?.startsWith("Currency"))).toBe(true);
  const one = (values = {}) => open(values, {rows: table(row("Acme", "USD"))});
  expect(labels(one()).some((label) => label?.startsWith("Currency"))).toBe(false);
  // Of what is asked for and not there, one sees why nothing is in sight.
  expect(clientsOf(one({currency: "CHF"}))).toEqual([]);
  expect(labels(one({currency: "CHF"}))).toContain("CurrencyAllUSDCHF");
});

it("sums what has no price to no price, and leaves it out of what else comes to a sum", () => {
  const unpriced = {...row("Acme", "USD"), impact_monthly: null};
  const footOf = (...rows: (typeof unpriced | ReturnType<typeof row>)[]) =>
    [...open({}, {rows: table(...rows)}).querySelectorAll("tfoot td")].map((cell) => cell.textContent).join("");
  expect(footOf(unpriced)).toBe("no price");
  expect(footOf(unpriced, row("Bolt", "USD"))).toBe("+$12.00");
});

it("names what both are filtered by as the table of clients does", () => {
  const labels = [...open().querySelectorAll(".filters .field > span")].map(({textContent}) => textContent);
  expect(labels.slice(0, 2)).toEqual(["Discrepancy type", "Likely cause"]);
});

it("decides about all that pass the filters, and about nothing where none does", () => {
  expect(decideAll(open())?.disabled).toBe(false);
  expect(decideAll(open({search: "nobody"}))?.disabled).toBe(true);
  const page = open({search: "bolt"});
  document.body.replaceChildren(page);
  decideAll(page)?.click();
  const [, reason] = [...page.querySelectorAll<HTMLInputElement>("dialog.decide input:not([inputmode])")];
  if (reason) reason.value = "agreed";
  page.querySelector("dialog form")?.dispatchEvent(new Event("submit", {cancelable: true}));
  const edits = JSON.parse(localStorage.getItem("trueup draft decisions Test") ?? "[]") as {after: CsvRow}[];
  expect(edits.map(({after}) => after.client_id)).toEqual(["Bolt"]);
  // Not saved yet, it can be taken back here.
  page.querySelector<HTMLButtonElement>("tbody [data-decide]")?.click();
  expect([...page.querySelectorAll("dialog.decide")].at(-1)?.textContent).toContain("Put back on the work list");
});

it("leaves each its own owner where all are decided about and nobody is named", () => {
  const page = workList(
    {totals: none, rows: table({...row("Acme", "USD"), owner: "Dana"}, row("Bolt", "USD")), gone: none},
    {files, workspace: "Test"},
    stateOf(),
  );
  document.body.replaceChildren(page);
  const decide = (owner: string): string[] => {
    decideAll(page)?.click();
    const [, reason, named] = [...page.querySelectorAll<HTMLInputElement>("dialog.decide input:not([inputmode])")];
    if (reason && named) [reason.value, named.value] = ["Rollout until Christmas", owner];
    page.querySelector("dialog form")?.dispatchEvent(new Event("submit", {cancelable: true}));
    const edits = JSON.parse(localStorage.getItem("trueup draft decisions Test") ?? "[]") as {after: CsvRow}[];
    return edits.map(({after}) => `${after.client_id} ${after.decision} ${after.owner}`).sort();
  };
  expect(decide("")).toEqual(["Acme bill Dana", "Bolt bill "]);
  expect(decide("Sam")).toEqual(["Acme bill Sam", "Bolt bill Sam"]);
  expect(decide("")).toEqual(["Acme bill Sam", "Bolt bill Sam"]);
});

it("says what of the decisions is due this month, either direction by itself, and that some was due before", () => {
  const decided = (client: string, over: Readonly<Record<string, string | null>>) => ({
    ...{
      ...row(client, "USD"),
      agreed_quantity: null,
      agreed_amount: null,
      agreed_currency: null,
      prorated_amount: "8.00",
    },
    ...{
      decision_state: "decided",
      decision: "bill",
      decision_reason: "agreed",
      due_amount: "8.00",
      was_due_elsewhere: "false",
    },
    ...over,
  });
  const page = workList(
    {
      totals: none,
      rows: table(
        decided("Bills", {}),
        decided("Credits", {
          decision: "credit",
          delta_quantity: "-1.0000",
          agreed_amount: "-5.00",
          due_amount: "-5.00",
        }),
        decided("Before", {due_amount: "0.00", was_due_elsewhere: "true"}),
        decided("Accepts", {decision: "accept", due_amount: "3.00", prorated_amount: null}),
        decided("Unpriced", {due_amount: null, prorated_amount: null}),
      ),
      gone: none,
    },
    {files, workspace: "Test"},
    stateOf({list: "decided", sort: "client"}),
  );
  const due = [...page.querySelectorAll("tbody tr, tfoot tr")].map((one) => [
    one.children[0]?.textContent,
    one.children[4]?.textContent,
  ]);
  expect(due).toEqual([
    ["Accepts", "—"],
    ["Before", "$0.00due in another month"],
    ["Bills", "+$8.00"],
    ["Credits", "−$5.00"],
    ["Unpriced", "no price"],
    ["Under- and overbilled apart", "+$8.00−$5.00"],
  ]);
  const headers = (shown: HTMLElement) => [...shown.querySelectorAll("thead th")].map(({textContent}) => textContent);
  expect(headers(page).some((name) => name?.includes("Age"))).toBe(false);
  expect(headers(open()).some((name) => name?.includes("Age"))).toBe(true);
  expect(headers(open()).some((name) => name?.includes("Due now"))).toBe(false);
});

it("exports which way each points, and what of its decision is due if the bill is to change", async () => {
  const listed = (client: string, over: Readonly<Record<string, string | null>>) => ({
    ...{...row(client, "USD"), agreed_quantity: null, agreed_amount: null, agreed_currency: null, due_amount: "8.00"},
    ...{was_due_elsewhere: "false", ...over},
  });
  const decided = {decision_state: "decided", decision_reason: "agreed", owner: "Dana", period: "2026-11"};
  const rows = table(
    listed("Acme", {known_since: "2026-10-31", age_days: "23"}),
    listed("Bolt", {impact_monthly: "-13.00", likely_cause: null}),
    listed("Cord", {
      ...decided,
      decision: "bill",
      agreed_quantity: "2.0000",
      decided_by: "Sam",
      decided_at: "2026-11-20",
    }),
    listed("Dune", {...decided, decision: "accept"}),
  );
  expect(await exported(open({}, {rows}))).toEqual([
    "client_id,client_name,service_id,service_name,product_id,product_name,currency,direction,invoiced_quantity,expected_quantity,delta_quantity,impact_monthly,discrepancy_type,likely_cause,decision_state,decision,decision_reason,agreed_quantity,agreed_amount,due_now_once,period,until_date,owner,decided_by,decided_at,known_since,age_days",
    "Bolt,Bolt,S1,Mail,,,USD,overbilled,1.0000,2.0000,1.0000,-13.00,calculated,,open,,,,,,,,,,,,",
    "Acme,Acme,S1,Mail,,,USD,underbilled,1.0000,2.0000,1.0000,12.00,calculated,billing_gap,open,,,,,,,,,,,2026-10-31,23",
  ]);
  expect((await exported(open({list: "decided", sort: "client"}, {rows}))).slice(1)).toEqual([
    "Cord,Cord,S1,Mail,,,USD,underbilled,1.0000,2.0000,1.0000,12.00,calculated,billing_gap,decided,bill,agreed,2.0000,,8.00,2026-11,,Dana,Sam,2026-11-20,,",
    "Dune,Dune,S1,Mail,,,USD,underbilled,1.0000,2.0000,1.0000,12.00,calculated,billing_gap,decided,accept,agreed,,,,2026-11,,Dana,,,,",
  ]);
  expect(await exported(open({list: "gone"}, {gone: table(gone)}))).toEqual([
    "client_id,client_name,service_id,product_id,label,currency,decision,agreed_quantity,agreed_amount,decided_delta_quantity,decided_impact_monthly,decision_reason,owner,decided_by,decided_at,state,gone_in,evidence",
    'C1,Zenith,S1,,Mail,USD,credit,5.0000,25.00,-5.0000,-32.50,as agreed,"Reyes, Dana",Sam,2026-09-30T09:00:00Z,settled,2026-10,"Less is billed. Expected 21, billed 26 → 21."',
  ]);
});

const totals = {
  ...{currency: "USD", open_count: "0", open_underbilled_monthly: "0.00", open_overbilled_monthly: "0.00"},
  ...{decided_count: "1", decided_underbilled_monthly: "0.00", decided_overbilled_monthly: "8.00"},
};

it("never says 0 of a side of which only discrepancies without a price are open", () => {
  const figures = (impact_monthly: string | null, over: Readonly<Record<string, string>> = {}) => {
    const found = table({...row("Acme", "USD"), impact_monthly, ...over});
    const page = workList(
      {totals: table({...totals, open_count: "1", as_of_date: "2026-11-23"}), rows: found, gone: none},
      {files, workspace: "Test"},
      stateOf(),
    );
    return [...page.querySelectorAll(".figure")].map((figure) => figure.children[1]?.textContent?.trim());
  };
  expect(figures(null)).toEqual(["no price $0.00", "$0.00 −$8.00"]);
  expect(figures(null, {delta_quantity: "-1.0000"})[0]).toBe("$0.00 no price");
  expect(figures(null, {currency: "EUR"})[0]).toBe("$0.00 $0.00");
  expect(figures("0.00")[0]).toBe("$0.00 $0.00");
});

it("has no figure of a list that has nothing in a currency", () => {
  const of = (currency: string, open_count: string, decided_count: string) =>
    ({...totals, currency, open_count, decided_count, as_of_date: "2026-11-23"}) as const;
  const labels = (...of: Readonly<Record<string, string>>[]) => {
    const page = workList({totals: table(...of), rows: none, gone: none}, {files, workspace: "Test"}, stateOf());
    return [...page.querySelectorAll(".figure")].map((figure) => figure.children[0]?.textContent?.trim());
  };
  expect(labels(of("USD", "3", "1"), of("EUR", "2", "0"), of("CAD", "0", "4"), of("AUD", "0", "0"))).toEqual([
    ...["Decided, CAD per month", "Open, EUR per month", "Open, USD per month", "Decided, USD per month"],
  ]);
  expect(labels(of("USD", "0", "0"))).toEqual([]);
});

it("filters either list by what it offers a filter for, and not by that of the other", () => {
  const decided = {decision: "bill", decision_reason: "agreed", agreed_quantity: null, agreed_amount: null};
  const given = {...decided, agreed_currency: null, due_amount: "8.00", was_due_elsewhere: "false"};
  const rows = table(
    {...row("Acme", "USD"), ...given, decision: null},
    {...row("Bolt", "USD"), ...given, decision_state: "expired", decided_delta_quantity: "1.0000"},
    {...row("Cord", "USD"), ...given, decision_state: "decided"},
    {...row("Dune", "USD"), ...given, decision_state: "decided", decision: "accept"},
  );
  const found = (values: Record<string, string>) => clientsOf(open({sort: "client", ...values}, {rows}));
  expect(found({decision: "bill"})).toEqual(["Acme", "Bolt"]);
  expect(found({state: "expired"})).toEqual(["Bolt"]);
  expect(found({list: "decided", state: "expired"})).toEqual(["Cord", "Dune"]);
  expect(found({list: "decided", decision: "bill"})).toEqual(["Cord"]);
});

it.each([
  ["an amount", {agreed_amount: "-25.00"}, true],
  ["a longer period", {period_end: "2027-01-01"}, true],
  ["an amount for one month", {agreed_amount: "-25.00", period: "2026-10"}, false],
  ["what was decided within the month", {agreed_amount: "-25.00", decided_at: "2026-10-31T09:00:00Z"}, false],
  ["a period that ends with the month", {}, false],
  ["what is due no more", {period_end: "2027-01-01", due_amount: "0.00", was_due_elsewhere: "true"}, false],
])("says of a decision made after its month that it is due once more unless that is closed: %s", (_, given, isTold) => {
  const decided = {
    ...{...row("Acme", "USD"), decision_state: "decided", decision: "credit", agreed_quantity: null},
    ...{agreed_amount: null, agreed_currency: null, prorated_amount: "-8.00", due_amount: "-8.00"},
    ...{was_due_elsewhere: "false", period_end: "2026-11-01", decided_at: "2026-11-03T09:00:00Z", ...given},
  };
  const page = workList(
    {totals: table({...totals, as_of_date: "2026-10-31"}), rows: table(decided), gone: none},
    {files, workspace: "Test"},
    stateOf({list: "decided"}),
  );
  const told = page.textContent?.includes("once more in Nov 2026 unless Oct 2026 is closed with it") ?? false;
  expect(told).toBe(isTold);
});

it("shows of a decision whose discrepancy is gone what was agreed, and what happened", () => {
  const late = {...gone, client_name: "Late", gone_in: null, evidence: null};
  const unseen = {...late, client_name: "Unseen", state: "not_compared"};
  const page = open({list: "gone"}, {gone: table(gone, late, unseen)});
  const tabs = [...page.querySelectorAll("[role=tab]")].map(({textContent}) => textContent);
  expect(tabs).toEqual(["Open (3)", "Decided (0)", "No longer found (3)"]);
  const cells = [...page.querySelectorAll("tbody tr")].map((one) =>
    [...one.children].map(({textContent}) => textContent),
  );
  expect(cells[0]).toEqual([
    "Zenith",
    "Mail",
    "Credit to 5, $25.00 onceas agreed30 Sep 2026, Sam",
    "−$32.50−5",
    "Less is billed. Expected 21, billed 26 → 21.in Oct 2026: credits on the client’s invoices",
    "Reyes, Dana",
  ]);
  const proofs = [...page.querySelectorAll<HTMLAnchorElement>("tbody td:nth-child(5) a")];
  expect(proofs.map(({textContent}) => textContent)).toEqual(["credits on the client’s invoices"]);
  expect(queryOf(proofs[0] as HTMLAnchorElement)).toContain("invoices.client_id = 'C1'");
  expect(cells[1]?.[4]).toBe("no closed month tells");
  expect(cells[2]?.[4]).toBe("not compared now: nothing tells whether it is settled");
  expect([...open().querySelectorAll("[role=tab]")].length).toBe(2);
});

it("says of each discrepancy what was decided, how long that holds and what became of it", () => {
  const agreed = {agreed_quantity: "5.0000", agreed_amount: "25.00", agreed_currency: "USD", age_days: "1"};
  const decided = {
    ...{...agreed, decision: "bill", decision_reason: "sold in October", decided_by: "Sam"},
    ...{decided_at: "2026-10-02T09:00:00Z", known_since: "2026-11-22", owner: "Dana"},
  };
  const changed = {decided_delta_quantity: "-4.0000", decided_impact_monthly: "-48.00"};
  const blank = {agreed_quantity: null, agreed_amount: null, agreed_currency: null, due_amount: null};
  const ofState = (client: string, decision_state: string, given: Readonly<Record<string, string | null>>) => ({
    ...{...row(client, "USD"), ...blank, decided_delta_quantity: null, decided_impact_monthly: null},
    ...{decision_state, ...given},
  });
  const told = (list: string, ...rows: ReturnType<typeof ofState>[]) => {
    const page = open({list, sort: "client"}, {rows: table(...rows)});
    return [...page.querySelectorAll("tbody tr")].map(({children}) => {
      const texts = [...children].map(({textContent}) => textContent ?? "");
      return texts.slice(list === "decided" ? 6 : 5, list === "decided" ? 8 : 8);
    });
  };
  expect(
    told(
      "",
      ofState("Acme", "open", {}),
      ofState("Bolt", "expired", {...decided, until_date: "2026-11-20"}),
      ofState("Cord", "changed", {...decided, ...changed, decided_by: null}),
    ),
  ).toEqual([
    ["open", "no owner", "—"],
    [
      "Expired bill to 5, $25.00 once until 20 Nov 2026sold in October2 Oct 2026, Sam",
      "Dana",
      "1 daysince 22 Nov 2026",
    ],
    ["Changed since bill of −4 for −$48.00sold in October2 Oct 2026", "Dana", "1 daysince 22 Nov 2026"],
  ]);
  expect(told("decided", ofState("Dune", "decided", {...decided, agreed_amount: null, period: "2026-11"}))).toEqual([
    ["Bill to 5 for Nov 2026sold in October2 Oct 2026, Sam", "Dana"],
  ]);
});

it("finds what is under- or overbilled, by client or service", () => {
  const over = {delta_quantity: "-2.0000", impact_monthly: "-24.00", service_name: "Backup"};
  const rows = table(row("Acme", "USD"), {...row("Bolt", "USD"), ...over});
  const found = (values: Record<string, string>) => clientsOf(open(values, {rows}));
  expect(found({direction: "over"})).toEqual(["Bolt"]);
  expect(found({direction: "under"})).toEqual(["Acme"]);
  expect(found({direction: "sideways"})).toEqual([]);
  expect(found({search: "back"})).toEqual(["Bolt"]);
  expect(found({search: "acme"})).toEqual(["Acme"]);
});

it("finds more of a discount where money is overbilled, as totals and memo say of it", () => {
  const discount = {...row("Bolt", "USD"), delta_quantity: "3.0000", impact_monthly: "-30.00"};
  const found = (direction: string) => clientsOf(open({direction}, {rows: table(row("Acme", "USD"), discount)}));
  expect(found("over")).toEqual(["Bolt"]);
  expect(found("under")).toEqual(["Acme"]);
});

it("explains a word by keyboard where it stands first, so that a row has two stops", () => {
  const page = workList(
    {
      totals: none,
      rows: table(row("Acme", "USD"), row("Bolt", "USD"), {...row("Cord", "USD"), likely_cause: "sync"}),
      gone: none,
    },
    {files, workspace: "Test"},
    stateOf({sort: "client"}),
  );
  const stops = [...page.querySelectorAll("tbody tr")].map((one) =>
    [...one.querySelectorAll<HTMLElement>("a[href]:not(.tip-note a), button")]
      .filter(({tabIndex}) => tabIndex === 0)
      .map(({textContent}) => textContent?.replace(/ about.*/, "")),
  );
  expect(stops).toEqual([
    ["Acme", "Calculated", "Billing gap", "Decide"],
    ["Bolt", "Decide"],
    ["Cord", "Sync", "Decide"],
  ]);
});
