// @vitest-environment jsdom
import {expect, it, vi} from "vitest";
import {decideDialog} from "../../src/components/decideDialog.js";
import type {WorkRow} from "../../src/lib/clientData.js";
import type {Choice} from "../../src/lib/decisions.js";

const row = {
  ...{client_id: "C1", client_name: "Acme", service_id: "S1", service_name: "Mail", currency: "USD"},
  ...{decision_state: "open", invoiced_quantity: "20.0000", expected_quantity: "24.0000", delta_quantity: "4.0000"},
  ...{impact_monthly: "48.00", decision_reason: null, owner: null, agreed_quantity: null, prorated_amount: "12.80"},
  ...{days_left: "8", days_in_period: "30", period_end: "2026-12-01"},
  ...{discrepancy_type: "calculated", likely_cause: "billing_gap", cause_evidence: "Counted 24, billed 20."},
  ...{connection_ids: "m365", product_id: null},
} as WorkRow;

function open(
  given: Partial<WorkRow> = {},
  {current = null, now = "2026-11-23T09:00:00Z"}: {current?: Choice | null; now?: string} = {},
) {
  const onDecide = vi.fn();
  const rows = [{...row, ...given}];
  const dialog = decideDialog({rows, today: "2026-11-23", current, now: () => new Date(now), onDecide});
  document.body.replaceChildren(dialog);
  const field = (label: string): HTMLInputElement => {
    const found = [...dialog.querySelectorAll("label")].find(({textContent}) => textContent?.startsWith(label));
    return found?.querySelector("input, select") as HTMLInputElement;
  };
  if (current === null) field("Reason").value = "agreed";
  return {
    onDecide,
    field,
    type: (label: string, text: string) => {
      field(label).value = text;
      field(label).dispatchEvent(new Event(field(label).localName === "select" ? "change" : "input"));
    },
    rest: () => dialog.querySelector("[role=status]")?.textContent,
    decide: () => dialog.querySelector("form")?.dispatchEvent(new Event("submit", {cancelable: true})),
    problem: () => dialog.querySelector("[role=alert]")?.textContent,
  };
}

const causeIn = (): string | undefined => document.querySelector(".cause-of")?.textContent?.replace(/\s+/g, " ").trim();

it("shows what the difference comes from and what speaks for it, and the page that mends a mapping", () => {
  open();
  expect(causeIn()).toBe("Billing gap: Counted 24, billed 20.");
  expect(document.querySelector(".cause-of a")).toBeNull();
  open({likely_cause: "sync", cause_evidence: "m365 is as of 2026-11-19"});
  expect(causeIn()).toBe("Sync: m365 is as of 19 Nov 2026");
  open({likely_cause: "client_mapping", cause_evidence: null});
  expect(causeIn()).toBe("Client mapping. Fix the mapping");
  expect(document.querySelector(".cause-of a")?.getAttribute("href")).toBe("./mapping/clients?client=C1");
});

it("counts the causes where several are decided about at once", () => {
  const rows = ["sync", "billing_gap", "billing_gap"].map((likely_cause) => ({...row, likely_cause}));
  document.body.replaceChildren(decideDialog({rows, today: "2026-11-23", onDecide: () => {}}));
  expect(causeIn()).toBe("Likely causes: 2 billing gap, 1 sync.");
});

it("asks for the month of an agreed amount, as it is due once", () => {
  const {onDecide, field, decide, problem} = open();
  field("Amount now").value = "25";
  decide();
  expect(problem()).toBe("An amount is due once: let the decision hold in Nov 2026 only.");
  expect(document.activeElement).toBe(field("It holds"));
  expect(onDecide).not.toHaveBeenCalled();
  field("It holds").value = "period";
  decide();
  expect(onDecide).toHaveBeenCalledWith(expect.objectContaining({amount: "25", period: "2026-11"}));
});

it.each([
  ["4.0000", "48.00", "19", "To bill is at least the 20 that are billed now."],
  ["4.0000", "48.00", "20", ""],
  ["4.0000", null, "19", "To bill is at least the 20 that are billed now."],
  ["-4.0000", "-48.00", "21", "To credit is at most the 20 that are billed now."],
  ["-4.0000", "-48.00", "20", ""],
  ["4.0000", "-8.00", "19", "To credit is at least the 20 that are billed now."],
  ["-4.0000", "8.00", "21", "To bill is at most the 20 that are billed now."],
])("takes no quantity that goes the other way: of %s for %s and %s units it says %j", (delta, money, units, said) => {
  const {field, decide, problem} = open({delta_quantity: delta, impact_monthly: money});
  field("New quantity").value = units;
  decide();
  expect(problem()).toBe(said);
});

it.each([
  [{Reason: ""}, "Say why.", "Reason"],
  [{Reason: "", Decision: ""}, "Say who follows it up, or decide something.", "Who follows it up"],
  [{"New quantity": "2,5"}, "The quantity is a number with a dot.", "New quantity"],
  [{"Amount now": "−3", "It holds": "period"}, "The amount is a number with a dot.", "Amount now"],
])("refuses %j: %s", (typed, message, faulty) => {
  const {onDecide, field, type, decide, problem} = open();
  for (const [label, text] of Object.entries(typed)) type(label, text);
  decide();
  expect(problem()).toBe(message);
  expect(field(faulty).getAttribute("aria-invalid")).toBe("true");
  expect(onDecide).not.toHaveBeenCalled();
});

it("leaves out what was typed for another decision or another term", () => {
  const {onDecide, type, decide} = open();
  for (const [label, text] of [
    ["New quantity", "22"],
    ["Amount now", "25"],
    ["It holds", "until"],
    ["Last day", "2026-12-31"],
    ["It holds", ""],
    ["Decision", "accept"],
  ] as const)
    type(label, text);
  decide();
  expect(onDecide).toHaveBeenCalledWith({
    ...{decision: "accept", quantity: "", amount: "", period: "", until: "", reason: "agreed", owner: ""},
  });
});

it("offers what is done about its direction, of several whichever way each goes, and to withdraw what holds", () => {
  const offered = (dialog: HTMLElement) => [...(dialog.querySelector("select")?.options ?? [])].map(({value}) => value);
  const others = ["accept", "dispute", "ignore", ""];
  const given = {today: "2026-11-23", onDecide: () => {}};
  const less = {...row, delta_quantity: "-4.0000", impact_monthly: "-48.00"};
  expect(offered(decideDialog({rows: [row], ...given}))).toEqual(["bill", ...others]);
  expect(offered(decideDialog({rows: [less], ...given}))).toEqual(["credit", ...others]);
  const several = decideDialog({rows: [row, less, {...row, impact_monthly: null}], ...given});
  expect(offered(several)).toEqual(["settle", ...others]);
  expect(several.textContent).toContain("Decide about 3 discrepancies");
  expect(several.textContent).toContain("All that pass the filters, +$48.00 and −$48.00 per month, 1 without a price.");
  const onWithdraw = vi.fn();
  const back = (dialog: HTMLElement) =>
    [...dialog.querySelectorAll("button")].find((one) => one.textContent?.startsWith("Put back"));
  expect(back(several)).toBeUndefined();
  back(decideDialog({rows: [row], ...given, onWithdraw}))?.click();
  expect(onWithdraw).toHaveBeenCalledOnce();
});

it("begins with what is decided, so that a change of one thing loses no other", () => {
  const current: Choice = {
    ...{decision: "accept", quantity: "", amount: "", period: "", until: "2026-12-31"},
    ...{reason: "Agreed until year end", owner: "Dana"},
  };
  const {onDecide, field, type, decide} = open({decision_state: "decided", decision: "accept"}, {current});
  type("Who follows it up", "Sam");
  decide();
  expect(onDecide).toHaveBeenCalledWith({...current, owner: "Sam"});
  const agreed: Choice = {...current, decision: "bill", quantity: "23", amount: "25", period: "2026-11", until: ""};
  const again = open({}, {current: agreed});
  again.decide();
  expect(again.onDecide).toHaveBeenCalledWith(agreed);
  expect(field("Last day").value).toBe("2026-12-31");
});

it("says what the rest of the period comes to, of the quantity that the figure is of alone", () => {
  const {type, rest} = open();
  expect(rest()).toBe("Rest of the period, 23 Nov 2026 to 30 Nov 2026: 8 of 30 days, +$12.80 once.");
  type("New quantity", "22");
  expect(rest()).toBe("Rest of the period, 23 Nov 2026 to 30 Nov 2026: 8 of 30 days, prorated to that quantity.");
  type("New quantity", "24");
  expect(rest()).toMatch(/\+\$12\.80 once\.$/);
  type("Amount now", "20");
  expect(rest()).toBe("");
  type("Amount now", "");
  type("Decision", "accept");
  expect(rest()).toBe("");
  expect(open({prorated_amount: null}).rest()).toMatch(/8 of 30 days, no price\.$/);
  expect(open({prorated_amount: "40.00", days_left: null, days_in_period: null}).rest()).toBe(
    "Rest of the period, 23 Nov 2026 to 30 Nov 2026, +$40.00 once.",
  );
  const agreed = open({
    decision_state: "decided",
    decision: "bill",
    agreed_quantity: "22.0000",
    prorated_amount: "6.40",
  });
  expect(agreed.rest()).toMatch(/prorated to that quantity\.$/);
  agreed.type("New quantity", "22");
  expect(agreed.rest()).toMatch(/\+\$6\.40 once\.$/);
  // What was agreed about other figures holds no more: the amount is of what is expected.
  expect(open({decision_state: "changed", agreed_quantity: "22.0000"}).rest()).toMatch(/\+\$12\.80 once\.$/);
});

it("marks what it cannot do without: the reason of a decision, else who follows it up", () => {
  const {field, type} = open();
  const needed = (): boolean[] => [field("Reason").required, field("Who follows it up").required];
  const labels = (): (string | null | undefined)[] =>
    ["Reason", "Who follows it up"].map((label) => field(label).closest("label")?.textContent);
  expect(needed()).toEqual([true, false]);
  expect(labels()).toEqual(["Reason (required)", "Who follows it up"]);
  type("Decision", "");
  expect(needed()).toEqual([false, true]);
  expect(labels()).toEqual(["Reason", "Who follows it up (required)"]);
});

it.each([
  ["2026-11-23T09:00:00Z", "2026-11-22", "Choose a day from 23 Nov 2026 on."],
  ["2026-12-02T09:00:00Z", "2026-11-30", "Choose a day from 2 Dec 2026 on."],
  ["2026-12-02T09:00:00Z", "2026-12-02", ""],
])("at %s lets no decision run out on %s, before it is made, which reconciling would refuse", (now, until, problem) => {
  const dialog = open({}, {now});
  dialog.field("It holds").value = "until";
  dialog.field("Last day").value = until;
  dialog.decide();
  expect(dialog.problem()).toBe(problem);
  expect(dialog.onDecide).toHaveBeenCalledTimes(problem === "" ? 1 : 0);
});
