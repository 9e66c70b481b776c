// @vitest-environment jsdom
import {afterEach, beforeEach, describe, expect, it, vi} from "vitest";
import {dataTable, type TableColumn} from "../../src/components/dataTable.js";
import {decideButton, dueColumn, openDecision, workColumns} from "../../src/components/workTable.js";
import type {WorkRow} from "../../src/lib/clientData.js";
import {type Choice, decide, openDecisionDraft, withdraw} from "../../src/lib/decisions.js";
import type {Draft} from "../../src/lib/drafts.js";
import {sortRows} from "../../src/lib/sortRows.js";
import {files} from "./mappingData.js";

const today = "2026-11-23";
let draft: Draft;

beforeEach(() => {
  localStorage.clear();
  draft = openDecisionDraft(files, {workspace: "Test"});
});
afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

const row = (over: Partial<WorkRow> = {}): WorkRow => ({
  ...{client_id: "C1", client_name: "Acme", service_id: "S1", service_name: "Mail", currency: "USD"},
  ...{connection_ids: "m365", product_id: null, product_name: null, discrepancy_type: "calculated"},
  ...{likely_cause: "billing_gap", cause_evidence: null, invoiced_quantity: "1.0000", expected_quantity: "2.0000"},
  ...{delta_quantity: "1.0000", impact_monthly: "12.00", decision_state: "open", decision: null},
  ...{decision_reason: null, agreed_quantity: null, agreed_amount: null, agreed_currency: null, period: null},
  ...{until_date: null, decided_delta_quantity: null, decided_impact_monthly: null, owner: null, decided_by: null},
  ...{decided_at: null, known_since: null, age_days: null, prorated_amount: null, days_left: null},
  ...{days_in_period: null, period_end: "2026-12-01", due_amount: null, was_due_elsewhere: "false"},
  ...over,
});

/** What one of the columns shows of a row. */
function told(key: string, given: WorkRow): string | null {
  const cell = document.createElement("td");
  cell.append(
    workColumns(draft, () => {})
      .find((column) => column.key === key)
      ?.render(given) ?? "",
  );
  return cell.textContent;
}

const choice = (over: Partial<Choice>): Choice => ({
  ...{decision: "settle", quantity: "", amount: "", period: "", until: "", reason: "agreed", owner: ""},
  ...over,
});

describe("columns of discrepancies", () => {
  const sorted = (sort: string, field: keyof WorkRow, ...rows: Partial<WorkRow>[]): unknown[] => {
    const columns: TableColumn<WorkRow>[] = [...workColumns(null, () => {}), dueColumn(today)];
    return sortRows(rows.map(row), columns, sort, "USD").map((one) => one[field]);
  };

  it("sort numbers as numbers, and those that are not known last", () => {
    const deltas = ["-9.0000", "9.0000", "-10.0000", "100.0000"].map((delta_quantity) => ({delta_quantity}));
    expect(sorted("difference", "delta_quantity", ...deltas)).toEqual([
      ...["-10.0000", "-9.0000", "9.0000", "100.0000"],
    ]);
    const ages = ["10", null, "9"].map((age_days) => ({age_days}));
    expect(sorted("age", "age_days", ...ages)).toEqual(["9", "10", null]);
  });

  it("sort money by its size, currency by currency, and what has no price last", () => {
    const impacts = ["5.00", null, "-50.00", "0.00"].map((impact_monthly) => ({impact_monthly}));
    const euros = {impact_monthly: "70.00", currency: "EUR"};
    expect(sorted("-money", "impact_monthly", euros, ...impacts)).toEqual(["-50.00", "5.00", "70.00", "0.00", null]);
    const billed = ["5.00", null, "-50.00"].map((due_amount) => ({decision: "bill", due_amount}));
    expect(sorted("-due", "due_amount", {decision: "accept", due_amount: "99.00"}, ...billed)).toEqual([
      ...["-50.00", "5.00", "99.00", null],
    ]);
  });

  it("sort by service or product, and by what is to be looked at anew first", () => {
    const unaccounted = {service_id: null, service_name: null, product_id: "P1", product_name: "Agent"};
    expect(sorted("service", "product_name", {}, unaccounted)).toEqual(["Agent", null]);
    const states = ["decided", "open", "expired", "changed"] as const;
    expect(sorted("state", "decision_state", ...states.map((decision_state) => ({decision_state})))).toEqual([
      ...["changed", "expired", "open", "decided"],
    ]);
  });

  it("name what a discrepancy is of, and have its money beside that where the page is narrow", () => {
    const unaccounted = {service_id: null, service_name: null, product_id: "P1"};
    expect(told("service", row({...unaccounted, product_name: "Agent"}))).toBe("Agent");
    expect(told("service", row(unaccounted))).toBe("P1");
    vi.stubGlobal("matchMedia", () => ({matches: true}));
    const table = dataTable({
      ...{caption: "Work", columns: workColumns(draft, () => {}), rows: [row()], sort: "-money", empty: "None."},
      ...{onSort: () => {}, page: 0, onPage: () => {}},
    });
    const [, second] = [...table.querySelectorAll("thead th")];
    expect(second?.textContent).toBe("Impact↓per month");
  });
});

describe("the state of a discrepancy", () => {
  it("is what was decided just now and is not saved yet, with its reason, or else who follows it up", () => {
    decide([row()], choice({owner: "Dana"}), today, draft);
    expect(told("state", row())).toBe("Bill not saved yetagreed");
    expect(told("state", row({client_id: "C2"}))).toBe("open");
    decide([row()], choice({decision: "", reason: "", owner: "Dana"}), today, draft);
    expect(told("state", row())).toBe("Assigned not saved yetDana");
  });

  it("says of a decision that ended why: its term, or that the discrepancy was gone", () => {
    const ended = {decision_state: "expired", decision: "credit"} as const;
    expect(told("state", row({...ended, period: "2026-10"}))).toBe("Expired credit for Oct 2026");
    expect(told("state", row(ended))).toBe("Expired credit, it was gone in a closed month since");
  });

  it("is that it was put back, until that is saved", () => {
    const text = [
      "client_id,service_id,decision,delta_quantity,impact_monthly,reason",
      "C1,S1,accept,1,12.00,agreed",
      "",
    ].join("\n");
    draft = openDecisionDraft({decisions: text}, {workspace: "Test"});
    const decided = row({decision_state: "decided", decision: "accept", decision_reason: "agreed"});
    expect(told("state", decided)).toBe("Acceptagreed");
    withdraw([decided], today, draft);
    expect(told("state", decided)).toBe("Back on the work list not saved yet");
  });

  it("names figures with their signs, and an agreed amount in its own currency", () => {
    const changed = {decision: "bill", decided_delta_quantity: "4.0000", decided_impact_monthly: "48.00"};
    expect(told("state", row({decision_state: "changed", ...changed}))).toBe("Changed since bill of +4 for +$48.00");
    const agreed = {decision_state: "decided", decision: "bill", agreed_amount: "25.00"} as const;
    expect(told("state", row({...agreed, agreed_currency: "EUR"}))).toBe("Bill, €25.00 once");
    expect(told("state", row(agreed))).toBe("Bill, $25.00 once");
  });
});

it("has a button for each discrepancy that says what about, and is found again whatever its ids hold", () => {
  // jsdom has none.
  vi.stubGlobal("CSS", {escape: (text: string) => text.replace(/["\\]/g, "\\$&")});
  const product = {service_id: null, service_name: null, product_name: "Agent"};
  const rows = [
    ...[row(), row({currency: "EUR"}), row({client_id: "C2", client_name: "Bolt"}), row({service_id: 'a"]b\\'})],
    ...[row({...product, product_id: "P1"}), row({...product, product_id: "P2"})],
    row({...product, product_id: "P1", connection_ids: "rmm", decision_state: "decided", decision: "accept"}),
  ];
  const asked: WorkRow[] = [];
  const column = workColumns(draft, (one) => asked.push(one)).find(({key}) => key === "decide");
  const place = document.createElement("div");
  place.append(...rows.map((one) => column?.render(one) ?? ""));
  for (const one of rows) decideButton(place, one)?.click();
  expect(asked).toEqual(rows);
  expect(decideButton(place, rows[2] as WorkRow)?.textContent).toBe("Decide about Bolt, Mail");
  expect(decideButton(place, rows[6] as WorkRow)?.textContent).toBe("Change about Acme, Agent");
});

describe("deciding", () => {
  const opened = (...rows: WorkRow[]): {reason: string | undefined; isBack: boolean} => {
    const place = document.createElement("div");
    document.body.replaceChildren(place);
    openDecision(rows, {draft, today, place, focus: () => {}});
    const fields = [...place.querySelectorAll<HTMLInputElement>("dialog input:not([inputmode])")];
    const isBack = place.textContent?.includes("Put back on the work list") ?? false;
    return {reason: fields[1]?.value, isBack};
  };
  const decided = row({client_id: "C2", decision_state: "decided", decision: "accept", decision_reason: "agreed"});

  it("begins for one with what holds about it, and for several with nothing", () => {
    expect(opened(decided).reason).toBe("agreed");
    expect(opened(decided, row()).reason).toBe("");
    decide([row()], choice({reason: "sold"}), today, draft);
    expect(opened(row()).reason).toBe("sold");
  });

  it("offers to put back where something holds about any of them, saved or not", () => {
    expect([opened(row()), opened(decided), opened(row(), decided)].map(({isBack}) => isBack)).toEqual([
      ...[false, true, true],
    ]);
    decide([row()], choice({}), today, draft);
    expect(opened(row()).isBack).toBe(true);
  });
});
