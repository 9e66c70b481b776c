import {beforeEach, describe, expect, it} from "vitest";
import type {WorkRow} from "../../src/lib/clientData.js";
import {readRows} from "../../src/lib/csvText.js";
import {
  type Choice,
  currentChoice,
  decide,
  describeEdit,
  editsOf,
  findProblems,
  openDecisionDraft,
  withdraw,
} from "../../src/lib/decisions.js";
import {mappingTables} from "../../src/lib/mappingTables.js";
import {memoryStorage} from "./memoryStorage.js";

const today = "2026-11-23";

const row = (over: Partial<WorkRow> = {}): WorkRow =>
  ({
    ...{client_id: "C1", client_name: "Acme", service_id: "S1", service_name: "Mail"},
    ...{product_id: null, product_name: null, connection_ids: "m365", currency: "EUR", decision_state: "open"},
    ...{delta_quantity: "4.0000", impact_monthly: "48.00"},
    ...over,
  }) as WorkRow;

const choice = (over: Partial<Choice> = {}): Choice => ({
  ...{decision: "bill", quantity: "", amount: "", period: "", until: "", reason: "agreed", owner: "Dana"},
  ...over,
});

const header = `${mappingTables.decisions.columns.join(",")}\n`;
let storage = memoryStorage();
beforeEach(() => {
  storage = memoryStorage();
});

const open = (text = "") =>
  openDecisionDraft({decisions: text}, {workspace: "Test", storage, now: () => new Date("2026-11-23T09:00:00Z")});

function saved(draft: ReturnType<typeof open>) {
  const text = draft.changes("Sam")[0]?.after ?? "";
  return readRows(text).map((found) => Object.fromEntries(Object.entries(found).filter(([, value]) => value !== "")));
}

describe("a decision made on a page", () => {
  it("keeps the figures that it was made about, who made it and when", () => {
    const draft = open();
    decide([row()], choice({quantity: "23", amount: "12.80"}), today, draft);
    expect(saved(draft)).toEqual([
      {
        ...{client_id: "C1", service_id: "S1", decision: "bill", quantity: "23", amount: "12.80", currency: "EUR"},
        ...{delta_quantity: "4", impact_monthly: "48.00", reason: "agreed", owner: "Dana"},
        ...{decided_by: "Sam", decided_at: "2026-11-23T09:00:00Z"},
      },
    ]);
    expect(findProblems(draft, today)).toEqual([]);
    expect(describeEdit([row()])(draft.edits()[0] as never)).toBe("Acme, Mail: bill, +4 for +€48.00 per month");
  });

  it("keeps the currency of its figures without an agreed amount too, and none where nothing is decided", () => {
    const draft = open();
    decide([row()], choice({decision: "accept"}), today, draft);
    decide([row({client_id: "C2"})], choice({decision: ""}), today, draft);
    expect(saved(draft).map(({currency}) => currency)).toEqual(["EUR", undefined]);
    expect(findProblems(draft, today)).toEqual([]);
  });

  it("names a product that no rule covers by its connection", () => {
    const draft = open();
    decide([row({service_id: null, product_id: "p1"})], choice({decision: "ignore", amount: "5"}), today, draft);
    const [found] = saved(draft);
    expect(found).toMatchObject({connection_id: "m365", product_id: "p1", decision: "ignore"});
    expect(found).not.toHaveProperty("service_id");
    expect(found).not.toHaveProperty("amount");
  });

  it("bills or credits by the direction of each where many are decided at once", () => {
    const draft = open();
    const over = row({client_id: "C2", delta_quantity: "-0.5000", impact_monthly: "-7.00"});
    const discount = row({client_id: "C3", impact_monthly: "-20.00"});
    const free = row({client_id: "C4", impact_monthly: "0.00"});
    decide([row(), over, discount, free], choice({decision: "settle"}), today, draft);
    expect(saved(draft).map(({decision, delta_quantity}) => [decision, delta_quantity])).toEqual([
      ["bill", "4"],
      ["credit", "-0.5"],
      ["credit", "4"],
      ["bill", "4"],
    ]);
    expect(findProblems(draft, today)).toEqual([]);
  });

  it("is told of once, however many are decided or taken back at once", () => {
    const draft = open();
    let told = 0;
    draft.onChange(() => {
      told += 1;
    });
    const rows = ["C1", "C2", "C3"].map((client_id) => row({client_id}));
    decide(rows, choice(), today, draft);
    expect([told, saved(draft).length]).toEqual([1, 3]);
    withdraw(rows, today, draft);
    expect([told, saved(draft).length]).toEqual([2, 0]);
  });

  it("takes the place of one that holds, and leaves one whose time is over", () => {
    const file =
      `${header}C1,S1,,,2026-10,,bill,,,,4,48.00,October,,,\n` +
      "C1,S1,,,,2026-12-31,accept,,,,3,36.00,Until year end,,,\nC2,S1,,,,,accept,,,,1,12.00,Other client,,,\n";
    const draft = open(file);
    decide([row()], choice({decision: "dispute", period: "2026-11"}), today, draft);
    expect(saved(draft).map(({client_id, period, until, decision}) => [client_id, period, until, decision])).toEqual([
      ["C1", "2026-10", undefined, "bill"],
      ["C2", undefined, undefined, "accept"],
      ["C1", "2026-11", undefined, "dispute"],
    ]);
    expect(findProblems(draft, today)).toEqual([]);
    expect(editsOf(draft)(row())).toHaveLength(2);
    expect(editsOf(draft)(row({client_id: "C2"}))).toEqual([]);
  });

  it("is the one that was made before where but its reason or owner is another, so that nothing is due again", () => {
    const line = "C1,S1,,,,,bill,23.0,12.80,EUR,4.0,48.00,agreed,Dana,Sam,2026-10-20T09:00:00Z";
    const decided = row({
      ...{decision_state: "decided", decision: "bill", decision_reason: "agreed", owner: "Dana"},
      ...{agreed_quantity: "23.0000", agreed_amount: "12.80", period: null, decided_at: "2026-10-20T09:00:00Z"},
    });
    const changed = (change: object): string | undefined => {
      storage = memoryStorage();
      const draft = open(`${header}${line}\n`);
      const current = currentChoice(decided, editsOf(draft)(decided), today) as Choice;
      decide([decided], {...current, ...change}, today, draft);
      return draft.changes("Ada")[0]?.after.split("\n")[1];
    };
    expect(changed({})).toBeUndefined();
    expect(changed({owner: "Ron"})).toBe(line.replace("Dana", "Ron"));
    expect(changed({reason: "agreed by phone"})).toBe(line.replace("agreed", "agreed by phone"));
    expect(changed({quantity: "22"})).toBe("C1,S1,,,,,bill,22,,EUR,4,48.00,agreed,Dana,Ada,2026-11-23T09:00:00Z");
  });

  it("can be taken back: the discrepancy is on the work list again", () => {
    const draft = open(`${header}C1,S1,,,,,accept,,,,4,48.00,fine,,,\n`);
    withdraw([row()], today, draft);
    expect(saved(draft)).toEqual([]);
    expect(draft.edits().map(({after}) => after)).toEqual([null]);
    const other = open();
    decide([row()], choice(), today, other);
    withdraw([row()], today, other);
    expect(other.edits()).toEqual([]);
  });

  it.each([
    ["its month", `2026-11,`, true],
    ["its last day", `,${today}`, true],
    ["an earlier month", `2026-10,`, false],
    ["an earlier day", `,2026-11-01`, false],
  ])("is taken back only while it holds: of %s", (_, time, holds) => {
    const draft = open(`${header}C1,S1,,,${time},accept,,,,4,48.00,fine,,,\n`);
    withdraw([row()], today, draft);
    expect(draft.rows("mappings/decisions.csv").length).toBe(holds ? 0 : 1);
  });

  it("says what reconciling would refuse", () => {
    const draft = open();
    decide([row()], choice({reason: ""}), today, draft);
    expect(findProblems(draft, today)).toEqual(["mappings/decisions.csv:2 reason: a decision needs its reason."]);
  });
});

describe("what holds about a discrepancy", () => {
  const decided = row({
    ...{decision_state: "decided", decision: "bill", decision_reason: "agreed", owner: null},
    ...{agreed_quantity: "23.0000", agreed_amount: "12.80", period: "2026-11", until_date: null},
  });

  it("is what the build read, until something else is decided", () => {
    const draft = open();
    const read = choice({quantity: "23", amount: "12.80", period: "2026-11", owner: ""});
    expect(currentChoice(decided, editsOf(draft)(decided), today)).toEqual(read);
    const next = choice({decision: "accept", until: "2026-12-31"});
    decide([decided], next, today, draft);
    expect(currentChoice(decided, editsOf(draft)(decided), today)).toEqual(next);
  });

  it("has no amount that was due in an earlier month: it would be due again", () => {
    const amount = (period: string | null, decided_at: string) =>
      currentChoice({...decided, period, decided_at}, [], today)?.amount;
    expect(amount(null, "2026-10-31T23:59:59Z")).toBe("");
    expect(amount(null, "2026-11-01T00:00:00Z")).toBe("12.80");
    expect(amount("2026-11", "2026-10-31T23:59:59Z")).toBe("12.80");
  });

  it("is nothing where it was put back on the work list, or its decision is over", () => {
    const draft = open(`${header}C1,S1,,,2026-11,,bill,23,12.80,EUR,4,48.00,agreed,,Sam,2026-11-20T09:00:00Z\n`);
    withdraw([decided], today, draft);
    expect(currentChoice(decided, editsOf(draft)(decided), today)).toBeNull();
    expect(currentChoice(row({decision_state: "expired", decision: "bill"}), [], today)).toBeNull();
  });
});
