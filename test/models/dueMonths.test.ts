import {describe, expect, it} from "vitest";
import type {InputRow} from "../../loaders/marts/inputs.js";
import {closeRows, reconcileRows, type World} from "./harness.js";
import {ordinaryWorld, pick, seats} from "./ordinary.js";

/** A line of 20 at 120.00 of which 17 are used, on a day, and what was decided about that. */
function on(as_of_date: string, given: InputRow | null, billing_cycle = "monthly", closed: World["closed"] = {}) {
  const decided = {
    ...{client_id: "acme", service_id: "mail", reason: "agreed", decision: "credit"},
    ...{delta_quantity: "-3", impact_monthly: billing_cycle === "annual" ? "-30.00" : "-360.00", currency: "USD"},
  };
  const line = {agreement_line_id: "l1", agreement_id: "a1", service_id: "mail", quantity: 20, unit_price: "120.00"};
  return ordinaryWorld({
    used: 17,
    mappingDecisions: given === null ? [] : [{...decided, ...given}],
    settings: {as_of: `${as_of_date}T23:00:00Z`, as_of_date},
    agreements: [{agreement_id: "a1", client_id: "acme", start_date: "2026-01-01", billing_cycle}],
    agreement_lines: [line],
    closed,
  });
}

async function adjustments(world: World, ...columns: string[]): Promise<Record<string, unknown>[]> {
  return pick(await reconcileRows(world, ["adjustments"]), "adjustments", ...columns);
}

describe("a decided change", () => {
  it.each([
    // 3 × 120.00 for 62, 32 and 338 of 365 days
    ["2026-10-31", {decided_at: "2026-10-31T09:00:00Z"}, "-61.15"],
    ["2026-11-30", {decided_at: "2026-10-31T09:00:00Z"}, "0.00"],
    ["2026-11-30", {decided_at: "2026-10-31T09:00:00Z", period: "2026-11"}, "-31.56"],
    ["2026-11-30", {}, "-31.56"],
    ["2026-01-28", {decided_at: "2025-12-20T09:00:00Z"}, "-333.37"],
    ["2026-02-28", {decided_at: "2025-12-20T09:00:00Z"}, "0.00"],
  ])("of a yearly line is due once in the year: on %s, %o, it is %s", async (as_of_date, given, due) => {
    const world = on(as_of_date, given, "annual");
    expect(await adjustments(world, "decision_state", "due_amount")).toEqual([
      {decision_state: "decided", due_amount: due},
    ]);
  });

  it.each([
    ["of a yearly line", {decided_at: "2026-11-03T09:00:00Z"}, "annual", "0.00"],
    ["decided again since", {decided_at: "2026-11-12T09:00:00Z"}, "annual", "-31.56"],
    ["for one month", {decided_at: "2026-11-03T09:00:00Z", period: "2026-11"}, "annual", "-31.56"],
    ["of a line whose next period began", {decided_at: "2026-11-03T09:00:00Z"}, "monthly", "-12.00"],
    ["of an agreed amount", {decided_at: "2026-11-03T09:00:00Z", amount: "50", currency: "USD"}, "annual", "0.00"],
  ])("was due in a closed month whose figures were decided about after it: %s", async (_, given, cycle, due) => {
    const first = {...given, decided_at: "2026-11-03T09:00:00Z", period: null};
    const october = await closeRows(on("2026-10-31", first, cycle));
    expect(pick(october, "adjustments", "due_amount")).not.toEqual([{due_amount: "0.00"}]);
    const november = on("2026-11-30", given, cycle, {"2026-10": october});
    expect(await adjustments(november, "decision_state", "due_amount")).toEqual([
      {decision_state: "decided", due_amount: due},
    ]);
    // The closed month itself says the same when it is worked out again.
    const again = on("2026-10-31", first, cycle, {"2026-10": october});
    expect(await adjustments(again, "due_amount")).toEqual(pick(october, "adjustments", "due_amount"));
  });
});

describe("changes of closed months", () => {
  const due = (world: World) => adjustments(world, "agreed_amount", "due_amount");
  const agreed = (decided_at: string) => ({decided_at, amount: "50"});
  const once = {agreed_amount: "-50.00", due_amount: "-50.00"};

  it.each([
    ["an agreed amount", "monthly", agreed("2026-10-30T15:00:00Z"), once, "-11.61"],
    ["an agreed amount of a yearly line", "annual", agreed("2026-10-30T15:00:00Z"), once, "0.00"],
    // 3 × 120.00 for 32 of 365 days
    ["the rest of the year", "annual", {decided_at: "2026-10-30T15:00:00Z"}, {due_amount: "-31.56"}, "0.00"],
  ])("are due in the next one after the decision's where that was closed before it: %s", async (...row) => {
    const [, cycle, given, inNovember, inDecember] = row;
    const closed = {"2026-10": await closeRows(on("2026-10-30", null, cycle))};
    expect(await due(on("2026-11-30", given, cycle, closed))).toMatchObject([inNovember]);
    const both = {...closed, "2026-11": await closeRows(on("2026-11-30", given, cycle, closed))};
    expect(await due(on("2026-12-31", given, cycle, both))).toEqual([{agreed_amount: null, due_amount: inDecember}]);
  });

  it("are due in the next one also where both are worked out again", async () => {
    const given = agreed("2026-10-30T15:00:00Z");
    const early = {"2026-10": await closeRows(on("2026-10-30", null))};
    const november = await closeRows(on("2026-11-30", given, "monthly", early));
    const october = await closeRows(on("2026-10-31", given, "monthly", {"2026-11": november}));
    expect(pick(october, "adjustments", "agreed_amount")).toEqual([{agreed_amount: null}]);
    expect(await due(on("2026-11-30", given, "monthly", {"2026-10": october}))).toEqual([once]);
  });

  it("are not due in the next one where the decision was known, and its figures were others", async () => {
    const given = agreed("2026-10-20T09:00:00Z");
    const closed = {"2026-10": await closeRows({...on("2026-10-31", given), seats: seats(18)})};
    expect(await due(on("2026-11-30", given, "monthly", closed))).toEqual([
      {agreed_amount: null, due_amount: "-12.00"},
    ]);
  });

  it("are not due in a month without a snapshot between that of the decision and the run's", async () => {
    const given = agreed("2026-09-20T09:00:00Z");
    const closed = {"2026-09": await closeRows(on("2026-09-15", null))};
    expect(await due(on("2026-11-30", given, "monthly", closed))).toMatchObject([{agreed_amount: null}]);
  });

  it("are due in none that has nothing left of its period, while that of an agreed amount is open again", async () => {
    const year = (day: string, closed?: World["closed"]) => on(day, agreed("2027-01-03T09:00:00Z"), "annual", closed);
    const december = await closeRows(year("2026-12-31"));
    expect(pick(december, "adjustments", "agreed_amount")).toEqual([{agreed_amount: "-50.00"}]);
    const january = await closeRows(year("2027-01-31", {"2026-12": december}));
    // 3 × 120.00 for 335 of 365 days
    const rest = {agreed_amount: null, due_amount: "-330.41"};
    expect(pick(january, "adjustments", "agreed_amount", "due_amount")).toEqual([rest]);
    const february = await closeRows(year("2027-02-28", {"2027-01": january}));
    expect(pick(february, "adjustments", "agreed_amount", "due_amount")).toEqual([
      {agreed_amount: null, due_amount: "0.00"},
    ]);
    expect(await due(year("2026-12-31", {"2027-01": january, "2027-02": february}))).toEqual([once]);
  });

  it("are not due once more in an earlier one that is worked out again", async () => {
    const given = agreed("2026-11-03T09:00:00Z");
    const october = await closeRows(on("2026-10-31", null));
    const november = await closeRows(on("2026-11-30", given, "monthly", {"2026-10": october}));
    expect(pick(november, "adjustments", "agreed_amount")).toEqual([{agreed_amount: "-50.00"}]);
    const again = on("2026-10-31", given, "monthly", {"2026-11": november});
    expect(await due(again)).toEqual([{agreed_amount: null, due_amount: "-11.61"}]);
    // The later one itself says the same when it is worked out after that.
    expect(await due(on("2026-11-30", given, "monthly", {"2026-10": await closeRows(again)}))).toEqual([once]);
  });

  it("of a yearly line are due in one of its months, whichever is worked out again", async () => {
    const year = (day: string, closed?: World["closed"]) =>
      on(day, {decided_at: "2026-11-03T09:00:00Z"}, "annual", closed);
    const november = await closeRows(year("2026-11-30"));
    const again = year("2026-10-31", {"2026-11": november});
    expect(await due(again)).toMatchObject([{due_amount: "0.00"}]);
    expect(await due(year("2026-11-30", {"2026-10": await closeRows(again)}))).toMatchObject([{due_amount: "-31.56"}]);
    const october = await closeRows(year("2026-10-31"));
    const nothing = await closeRows(year("2026-11-30", {"2026-10": october}));
    expect(await due(year("2026-10-31", {"2026-11": nothing}))).toMatchObject([{due_amount: "-61.15"}]);
  });
});
