import {describe, expect, it} from "vitest";
import type {InputRow} from "../../loaders/marts/inputs.js";
import {closeRows, reconcileRows, type World} from "./harness.js";
import {ordinaryWorld, pick, withRmm} from "./ordinary.js";

/** The ordinary discrepancy, +4 for 48.00 a month, and one decision about it. */
function decided(given: InputRow, world: {billed?: number; used?: number} & World = {}): World {
  const decision = {
    client_id: "acme",
    service_id: "mail",
    decision: "accept",
    delta_quantity: "4",
    impact_monthly: "48.00",
    reason: "agreed with the client",
    decided_at: "2026-11-20T09:00:00Z",
    ...given,
  };
  return ordinaryWorld({mappingDecisions: [decision], ...world});
}

const reconcile = (given: World) =>
  reconcileRows(given, ["clients", "decisions", "reconciliation", "summary", "work_list"]);

async function stateOf(world: World): Promise<unknown> {
  const marts = await reconcile(world);
  return pick(marts, "work_list", "decision_state")[0]?.decision_state ?? null;
}

describe("a discrepancy", () => {
  it("is on the work list while nobody has decided, with its age unknown", async () => {
    const marts = await reconcile(ordinaryWorld());
    expect(pick(marts, "work_list", "decision_state", "known_since", "age_days")).toEqual([
      {decision_state: "open", known_since: null, age_days: null},
    ]);
  });

  it("is no younger than its figures, when it is decided about in the days after them", async () => {
    const marts = await reconcile(decided({decided_at: "2026-11-26T09:00:00Z"}));
    expect(pick(marts, "work_list", "decision_state", "known_since", "age_days")).toEqual([
      {decision_state: "decided", known_since: null, age_days: null},
    ]);
  });

  it("is known from the first closed month in a row that found it, or from a decision since one that did not", async () => {
    const october = {as_of: "2026-10-31T12:00:00Z", as_of_date: "2026-10-31"};
    const closedOn = async (day: string) =>
      closeRows({...ordinaryWorld(), settings: {as_of: `${day}T12:00:00Z`, as_of_date: day}});
    const closed = {"2026-09": await closedOn("2026-09-30"), "2026-10": await closedOn("2026-10-31")};
    const since = async (decided_at: string) => {
      const marts = await reconcile(decided({decided_at}, {closed}));
      return pick(marts, "work_list", "known_since", "age_days");
    };
    expect(await since("2026-11-20T09:00:00Z")).toEqual([{known_since: "2026-09-30", age_days: 54}]);
    expect(await since("2026-09-20T09:00:00Z")).toEqual([{known_since: "2026-09-20", age_days: 64}]);
    const between = await closeRows(ordinaryWorld({settings: {...october}, used: 20}));
    const again = {closed: {...closed, "2026-10": between}};
    const fresh = [{known_since: "2026-11-23", age_days: 0}];
    expect(pick(await reconcile(ordinaryWorld(again)), "work_list", "known_since", "age_days")).toEqual(fresh);
    const decidedAt = async (decided_at: string) =>
      pick(await reconcile(decided({decided_at}, again)), "work_list", "known_since", "age_days");
    expect(await decidedAt("2026-09-20T09:00:00Z")).toEqual(fresh);
    expect(await decidedAt("2026-10-31T09:00:00Z")).toEqual(fresh);
    expect(await decidedAt("2026-11-02T09:00:00Z")).toEqual([{known_since: "2026-11-02", age_days: 21}]);
  });

  it("needs a new decision when it was gone in a closed month, unless the old one has a last day", async () => {
    const closeOn = (day: string, given: Parameters<typeof ordinaryWorld>[0]) =>
      closeRows(ordinaryWorld({settings: {as_of: `${day}T12:00:00Z`, as_of_date: day}, ...given}));
    const closedWith = async (given: Parameters<typeof ordinaryWorld>[0]) => ({
      closed: {"2026-10": await closeOn("2026-10-31", given)},
    });
    const before = {decided_at: "2026-10-20T09:00:00Z"};
    const equal = await closedWith({used: 20});
    expect(await stateOf(decided(before, equal))).toBe("expired");
    expect(await stateOf(decided({...before, until: "2026-12-31"}, equal))).toBe("decided");
    expect(await stateOf(decided({...before, period: "2026-11"}, equal))).toBe("decided");
    expect(await stateOf(decided({decided_at: "2026-11-02T09:00:00Z"}, equal))).toBe("decided");
    expect(await stateOf(decided({decided_at: null}, equal))).toBe("decided");
    expect(await stateOf(decided(before, await closedWith({seats: [], agreement_lines: []})))).toBe("expired");
    expect(await stateOf(decided(before, await closedWith({mappingServices: []})))).toBe("decided");
    const again = {
      closed: {"2026-09": await closeOn("2026-09-30", {used: 20}), "2026-10": await closeOn("2026-10-31", {used: 25})},
    };
    expect(await stateOf(decided(before, again))).toBe("decided");
    expect(await stateOf(decided({decided_at: "2026-09-20T09:00:00Z"}, again))).toBe("expired");
  });

  it("leaves it when it is decided, and counts apart", async () => {
    const marts = await reconcile(decided({owner: "Dana", decided_by: "Sam"}));
    expect(pick(marts, "work_list", "decision_state", "owner", "decided_by", "known_since", "age_days")).toEqual([
      {decision_state: "decided", owner: "Dana", decided_by: "Sam", known_since: "2026-11-20", age_days: 3},
    ]);
    const totals = {
      underbilled_monthly: "48.00",
      open_count: "0",
      open_underbilled_monthly: "0.00",
      decided_count: "1",
      decided_underbilled_monthly: "48.00",
      decided_overbilled_monthly: "0.00",
    };
    expect(pick(marts, "clients", ...Object.keys(totals))).toEqual([totals]);
    expect(pick(marts, "summary", ...Object.keys(totals))).toEqual([totals]);
  });

  it.each([
    ["whatever is decided", {decision: "bill"}, "decided"],
    ["until the day it is decided for, that day included", {until: "2026-11-23"}, "decided"],
    ["and is back the day after", {until: "2026-11-22"}, "expired"],
    ["in the month that it is decided for", {period: "2026-11"}, "decided"],
    ["and is back in the next", {period: "2026-10"}, "expired"],
    ["not before the month that it is decided for", {period: "2026-12"}, "open"],
    ["and is back when its quantity changes", {delta_quantity: "3", impact_monthly: "48.00"}, "changed"],
    ["and is back when its money changes", {impact_monthly: "47.99"}, "changed"],
    ["and is back when it gets a price", {impact_monthly: null}, "changed"],
    [
      "and is back when its currency is not the agreed one",
      {decision: "bill", amount: "5", currency: "EUR"},
      "changed",
    ],
    ["and is back when it is billed in another currency than it was decided about", {currency: "EUR"}, "changed"],
    ["not because somebody follows it up", {decision: null, delta_quantity: null, owner: "Dana"}, "open"],
    ["not for another service's sake", {service_id: "backup"}, "open"],
  ] as const)("leaves it %s", async (_, given, state) => {
    expect(await stateOf(decided(given))).toBe(state);
  });

  it("without a price stays decided as long as it has none", async () => {
    const unpriced = {
      agreement_lines: [{agreement_line_id: "l1", agreement_id: "a1", service_id: "mail", quantity: 20}],
    };
    expect(await stateOf(decided({impact_monthly: null}, unpriced))).toBe("decided");
  });

  it("of a product that no rule covers is decided by connection and product", async () => {
    const world = {mappingServices: []};
    const given = {service_id: null, connection_id: "m365", delta_quantity: "24", impact_monthly: null};
    expect(await stateOf(decided({...given, product_id: "p1"}, world))).toBe("decided");
    expect(await stateOf(decided({...given, product_id: "p2"}, world))).toBe("open");
    const rmm = {...world, ...withRmm};
    expect(await stateOf(decided({...given, product_id: "p1", connection_id: "rmm"}, rmm))).toBe("open");
  });

  it("takes the decision in force over one that has run out", async () => {
    const world = decided({period: "2026-11", decision: "dispute"});
    const before = {period: "2026-10", decision: "ignore", decided_at: "2026-10-20T09:00:00Z"};
    const earlier = {...world.mappingDecisions?.[0], ...before};
    const marts = await reconcile({...world, mappingDecisions: [earlier, ...(world.mappingDecisions ?? [])]});
    expect(pick(marts, "work_list", "decision_state", "decision", "known_since")).toEqual([
      {decision_state: "decided", decision: "dispute", known_since: "2026-10-20"},
    ]);
    expect(
      pick(marts, "decisions", "decision", "state")
        .map(({state}) => state)
        .sort(),
    ).toEqual(["expired", "in_force"]);
  });

  it.each<[string, InputRow]>([
    ["its month", {period: "2026-11"}],
    ["its last day", {until: "2026-11-24"}],
    ["its month, with an owner only", {period: "2026-11", decision: null, owner: "Dana"}],
  ])("takes on earlier days the decision that held then over one made after %s", async (_, given) => {
    const [earlier, later] = [
      {...given, reason: "then", decided_at: "2026-11-02T09:00:00Z"},
      {decision: "bill", decided_at: "2026-12-03T09:00:00Z"},
    ].map((row) => decided(row).mappingDecisions?.[0] as InputRow);
    const mappingDecisions = [later, earlier] as InputRow[];
    const marts = await reconcile(ordinaryWorld({mappingDecisions}));
    expect(pick(marts, "work_list", "decision_reason")).toEqual([{decision_reason: "then"}]);
    expect(pick(marts, "decisions", "decision", "state")).toContainEqual({decision: "bill", state: "upcoming"});
    const december = {as_of: "2026-12-05T12:00:00Z", as_of_date: "2026-12-05"};
    const after = await reconcile(ordinaryWorld({mappingDecisions, settings: december}));
    expect(pick(after, "work_list", "decision_state", "decision")).toEqual([
      {decision_state: "decided", decision: "bill"},
    ]);
  });

  it.each<[string, InputRow, InputRow]>([
    ["whose figures changed, not one that ran out", {delta_quantity: "3"}, {until: "2026-11-22"}],
    ["that names who follows it up, not one that ran out", {decision: null, owner: "Dana"}, {until: "2026-11-22"}],
    ["that ran out last", {until: "2026-11-22"}, {until: "2026-11-21"}],
    ["that ran out last, at the end of its month", {period: "2026-10"}, {until: "2026-10-15"}],
    ["that ran out last, after its month", {until: "2026-11-01"}, {period: "2026-10"}],
  ])("shows of two decisions the one %s", async (_, shown, other) => {
    const [first, second] = [shown, other].map((given) => decided(given).mappingDecisions?.[0] as InputRow);
    const mappingDecisions = [
      {...second, reason: "other"},
      {...first, reason: "shown"},
    ];
    const marts = await reconcile(ordinaryWorld({mappingDecisions}));
    expect(pick(marts, "work_list", "decision_reason")).toEqual([{decision_reason: "shown"}]);
  });

  it("that is gone leaves its decision settled", async () => {
    const marts = await reconcile(decided({}, {used: 20}));
    expect(marts.work_list).toEqual([]);
    expect(pick(marts, "decisions", "state", "reconciliation_id")).toEqual([
      {state: "settled", reconciliation_id: null},
    ]);
  });

  it.each([
    ["whose count is unknown", {seats: []}],
    ["that no rule counts", {mappingServices: []}],
  ])("%s now leaves its decision unsettled", async (_, world) => {
    const marts = await reconcile(decided({}, world));
    expect(pick(marts, "decisions", "state", "reconciliation_id")).toEqual([
      {state: "not_compared", reconciliation_id: null},
    ]);
  });

  it("is settled in the currency that is compared, whatever another one is billed in", async () => {
    const billed = (agreement_id: string, quantity: number) => ({
      agreement_line_id: `${agreement_id}-line`,
      agreement_id,
      service_id: "mail",
      quantity,
      unit_price: "12.00",
    });
    const start = {client_id: "acme", start_date: "2026-01-01"};
    const world = {
      used: 20,
      agreements: [
        {agreement_id: "a1", ...start},
        {agreement_id: "a2", ...start, currency: "EUR"},
      ],
      agreement_lines: [billed("a1", 20), billed("a2", 1)],
    };
    const marts = await reconcile(decided({currency: "USD"}, world));
    expect(pick(marts, "reconciliation", "currency", "status")).toEqual(
      expect.arrayContaining([
        {currency: "USD", status: "reconciled"},
        {currency: "EUR", status: "not_reconciled"},
      ]),
    );
    expect(pick(marts, "decisions", "state")).toEqual([{state: "settled"}]);
  });
});
