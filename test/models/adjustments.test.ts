import {describe, expect, it} from "vitest";
import type {InputRow} from "../../loaders/marts/inputs.js";
import {reconcileRows, type World} from "./harness.js";
import {invoiced, ordinaryWorld, pick, seats} from "./ordinary.js";

const line = (id: string, quantity: number, given: InputRow = {}) => ({
  agreement_line_id: id,
  agreement_id: "a1",
  service_id: "mail",
  quantity,
  unit_price: "12.00",
  ...given,
});

const decision = (given: InputRow): World["mappingDecisions"] => [
  {client_id: "acme", service_id: "mail", reason: "agreed", ...given},
];

const byLine = (a: Record<string, unknown>, b: Record<string, unknown>) =>
  String(a.agreement_line_id).localeCompare(String(b.agreement_line_id));

async function adjustments(world: World, ...columns: string[]): Promise<Record<string, unknown>[]> {
  return pick(await reconcileRows(world, ["adjustments"]), "adjustments", ...columns);
}

describe("a change of what is billed", () => {
  it("takes effect today and is billed for the days that are left, today among them", async () => {
    const columns = [
      "agreement_id",
      "agreement_line_id",
      "current_quantity",
      "new_quantity",
      "change_quantity",
      "unit_price",
    ];
    const rest = ["effective_date", "period_start", "period_end", "days_in_period", "days_left"];
    const money = ["period_amount", "monthly_amount", "prorated_amount", "agreed_amount", "due_amount"];
    expect(await adjustments(ordinaryWorld(), ...columns, ...rest, ...money)).toEqual([
      {
        agreement_id: "a1",
        agreement_line_id: "l1",
        current_quantity: "20.0000",
        new_quantity: "24.0000",
        change_quantity: "4.0000",
        unit_price: "12.000000",
        effective_date: "2026-11-23",
        period_start: "2026-11-01",
        period_end: "2026-12-01",
        days_in_period: 30,
        days_left: 8,
        period_amount: "48.00",
        monthly_amount: "48.00",
        // 48.00 × 8 ÷ 30
        prorated_amount: "12.80",
        agreed_amount: null,
        due_amount: "12.80",
      },
    ]);
  });

  it("is a credit where less is used than billed", async () => {
    const world = ordinaryWorld({used: 13});
    // −84.00 × 8 ÷ 30 = −22.40
    expect(await adjustments(world, "change_quantity", "due_amount")).toEqual([
      {change_quantity: "-7.0000", due_amount: "-22.40"},
    ]);
  });

  it("is rounded once, half away from zero", async () => {
    // −1 × 0.05 × 15 ÷ 30 = −0.025
    const world = ordinaryWorld({
      settings: {as_of: "2026-11-16T12:00:00Z", as_of_date: "2026-11-16"},
      agreement_lines: [line("l1", 25, {unit_price: "0.05"})],
    });
    expect(await adjustments(world, "days_left", "prorated_amount")).toEqual([
      {days_left: 15, prorated_amount: "-0.03"},
    ]);
  });

  it("counts the days of the line's own cycle and prices the whole of it", async () => {
    const world = ordinaryWorld({
      agreements: [{agreement_id: "a1", client_id: "acme", start_date: "2026-01-01", billing_cycle: "annual"}],
      agreement_lines: [line("l1", 20, {unit_price: "120.00"})],
    });
    // 4 × 120.00 = 480.00 a year, 40.00 a month; 39 of 365 days are left: 51.287…
    expect(
      await adjustments(
        world,
        "billing_cycle",
        "days_in_period",
        "days_left",
        "period_amount",
        "monthly_amount",
        "due_amount",
      ),
    ).toEqual([
      {
        billing_cycle: "annual",
        days_in_period: 365,
        days_left: 39,
        period_amount: "480.00",
        monthly_amount: "40.00",
        due_amount: "51.29",
      },
    ]);
  });

  it("says what the agreement line will show, included units among it", async () => {
    const world = ordinaryWorld({agreement_lines: [line("l1", 20, {included_quantity: 5})]});
    const columns = [
      "current_quantity",
      "new_quantity",
      "agreement_quantity",
      "included_quantity",
      "new_agreement_quantity",
      "evidence",
    ];
    expect(await adjustments(world, ...columns)).toEqual([
      {
        current_quantity: "15.0000",
        new_quantity: "19.0000",
        agreement_quantity: "20.0000",
        included_quantity: "5.0000",
        new_agreement_quantity: "24.0000",
        evidence:
          "24 counted by m365, 5 included, 19 to be billed, 15 billed. Everything is linked and current: more is used than is billed.",
      },
    ]);
  });

  it("goes onto the largest line where there are several", async () => {
    const world = ordinaryWorld({agreement_lines: [line("l1", 5), line("l2", 15)]});
    expect(await adjustments(world, "agreement_line_id", "new_quantity")).toEqual([
      {agreement_line_id: "l2", new_quantity: "19.0000"},
    ]);
  });

  it("is taken from a line that has ended before the one in its place, and goes onto that", async () => {
    const world = ordinaryWorld({
      agreement_lines: [line("l1", 20, {end_date: "2026-11-16"}), line("l2", 24, {start_date: "2026-11-16"})],
      ...invoiced([{agreement_line_id: "l1"}]),
    });
    // 44 are billed on this day: 20 by the invoice of the line that ended, 24 by the line that came after it.
    expect(await adjustments(world, "agreement_line_id", "new_quantity")).toEqual([
      {agreement_line_id: "l1", new_quantity: "0.0000"},
    ]);
    const more = {...world, agreement_lines: [line("l1", 20, {end_date: "2026-11-16"}), line("l2", 2)]};
    expect(await adjustments(more, "agreement_line_id", "new_quantity")).toEqual([
      {agreement_line_id: "l2", new_quantity: "4.0000"},
    ]);
  });

  it("goes onto an agreement line before an invoice line without one, and onto no credit", async () => {
    const loose = {quantity: 30, unit_price: "12.00"};
    const world = ordinaryWorld({
      used: 40,
      agreement_lines: [line("l1", 3), line("l2", 3)],
      ...invoiced([loose, {...loose, parent_line_id: "il1"}], {agreement_id: null}),
    });
    expect(await adjustments(world, "agreement_line_id", "new_quantity")).toEqual([
      {agreement_line_id: "l1", new_quantity: "7.0000"},
    ]);
    // 20 of 36 are taken: 3 and 3 of the agreement lines, 14 of the invoice line.
    expect(await adjustments({...world, seats: seats(16)}, "agreement_line_id", "new_quantity")).toEqual(
      expect.arrayContaining([
        {agreement_line_id: "l1", new_quantity: "0.0000"},
        {agreement_line_id: "l2", new_quantity: "0.0000"},
        {agreement_line_id: null, new_quantity: "16.0000"},
      ]),
    );
    const credit = ordinaryWorld({
      agreement_lines: [],
      ...invoiced([{...loose, parent_line_id: "x"}], {agreement_id: null}),
    });
    expect(await adjustments(credit, "agreement_id", "invoice_id")).toEqual([{agreement_id: "a1", invoice_id: null}]);
  });

  it("is taken from one line after the other, none below zero, and the amounts add up to the row's", async () => {
    const world = ordinaryWorld({
      used: 2,
      agreement_lines: [line("l1", 3, {unit_price: "0.333"}), line("l2", 4, {unit_price: "0.333"})],
    });
    // −5 × 0.333 = −1.67 in all: −4 × 0.333 = −1.33, and the rest; × 8 ÷ 30: −0.44 in all, −0.36 and the rest
    const columns = ["agreement_line_id", "new_quantity", "period_amount", "monthly_amount", "due_amount"];
    const row = (agreement_line_id: string, new_quantity: string, amount: string, due_amount: string) => ({
      ...{agreement_line_id, new_quantity, period_amount: amount, monthly_amount: amount, due_amount},
    });
    expect((await adjustments(world, ...columns)).sort(byLine)).toEqual([
      row("l1", "2.0000", "-0.34", "-0.08"),
      row("l2", "0.0000", "-1.33", "-0.36"),
    ]);
  });

  it("is taken from no line that takes off by itself", async () => {
    const world = ordinaryWorld({
      used: 2,
      ...invoiced([{agreement_line_id: "l1", quantity: -3}, {quantity: 10}], {agreement_id: null}),
    });
    // Billed are 10 − 3.
    expect(await adjustments(world, "agreement_line_id", "current_quantity", "new_quantity")).toEqual([
      {agreement_line_id: null, current_quantity: "10.0000", new_quantity: "5.0000"},
    ]);
  });

  it("is prorated over all that invoices bill of its line, from the earliest start to the latest end", async () => {
    const [one, two] = [
      invoiced([{agreement_line_id: "l1"}]),
      invoiced([{agreement_line_id: "l1", invoice_line_id: "il2", quantity: 2}], {
        ...{invoice_id: "i2", period_start: "2026-10-15", period_end: "2027-01-01"},
      }),
    ];
    const both = {
      invoices: [...(one.invoices ?? []), ...(two.invoices ?? [])],
      invoice_lines: [...(one.invoice_lines ?? []), ...(two.invoice_lines ?? [])],
    };
    const columns = ["current_quantity", "period_start", "period_end", "days_in_period", "days_left"];
    expect(await adjustments(ordinaryWorld(both), ...columns)).toEqual([
      {
        ...{current_quantity: "22.0000", period_start: "2026-10-15", period_end: "2027-01-01"},
        ...{days_in_period: 78, days_left: 39},
      },
    ]);
  });

  it("names the invoice that bills the line now", async () => {
    const world = ordinaryWorld(invoiced([{agreement_line_id: "l1"}]));
    expect(await adjustments(world, "agreement_line_id", "invoice_number", "current_quantity")).toEqual([
      {agreement_line_id: "l1", invoice_number: "INV-1", current_quantity: "20.0000"},
    ]);
  });

  it("has a new line on the only agreement where nothing is billed yet, else on none", async () => {
    const unbilled = {services: [{service_id: "mail", service_name: "Mail", list_price: "10"}], agreement_lines: []};
    const columns = ["agreement_id", "agreement_line_id", "new_quantity", "unit_price", "due_amount"];
    const row = {agreement_line_id: null, new_quantity: "24.0000", unit_price: "10.000000", due_amount: "64.00"};
    expect(await adjustments(ordinaryWorld(unbilled), ...columns)).toEqual([{agreement_id: "a1", ...row}]);
    const start = {client_id: "acme", start_date: "2026-01-01"};
    const agreements = ["a1", "a2"].map((id) => ({agreement_id: id, ...start}));
    expect(await adjustments(ordinaryWorld({...unbilled, agreements}), ...columns)).toEqual([
      {agreement_id: null, ...row},
    ]);
    const other = [
      {agreement_id: "a1", ...start, billing_cycle: "annual"},
      {agreement_id: "a2", ...start, currency: "EUR"},
    ];
    // 24 × 120.00 × 39 ÷ 365
    expect(await adjustments(ordinaryWorld({...unbilled, agreements: other}), ...columns)).toEqual([
      {agreement_id: "a1", ...row, unit_price: "120.000000", due_amount: "307.73"},
    ]);
  });

  it.each(["accept", "dispute", "ignore"])("is not made where the decision is to %s", async (word) => {
    const mappingDecisions = decision({decision: word, delta_quantity: "4", impact_monthly: "48.00"});
    expect(await adjustments(ordinaryWorld({mappingDecisions}), "adjustment_id")).toEqual([]);
  });

  it("goes to the agreed quantity and amount where they were decided", async () => {
    const mappingDecisions = decision({
      decision: "bill",
      delta_quantity: "4",
      impact_monthly: "48.00",
      quantity: "22",
      amount: "10",
      currency: "USD",
    });
    expect(
      await adjustments(
        ordinaryWorld({mappingDecisions}),
        "decision_state",
        "new_quantity",
        "prorated_amount",
        "due_amount",
      ),
    ).toEqual([{decision_state: "decided", new_quantity: "22.0000", prorated_amount: "6.40", due_amount: "10.00"}]);
  });

  it("credits an agreed amount as a negative one", async () => {
    const mappingDecisions = decision({
      decision: "credit",
      delta_quantity: "-7",
      impact_monthly: "-84.00",
      amount: "50",
      currency: "USD",
    });
    expect(await adjustments(ordinaryWorld({used: 13, mappingDecisions}), "new_quantity", "due_amount")).toEqual([
      {new_quantity: "13.0000", due_amount: "-50.00"},
    ]);
  });

  it.each([
    [{decided_at: "2026-11-01T00:00:00Z"}, "-50.00"],
    [{decided_at: "2026-10-31T23:00:00Z"}, "-22.40"],
    [{decided_at: "2026-10-31T23:00:00Z", period: "2026-11"}, "-50.00"],
  ])("credits an agreed amount once: of %o %s is due in November", async (given, due) => {
    const agreed = {delta_quantity: "-7", impact_monthly: "-84.00", amount: "50", currency: "USD"};
    const mappingDecisions = decision({decision: "credit", ...agreed, ...given});
    expect(await adjustments(ordinaryWorld({used: 13, mappingDecisions}), "decision_state", "due_amount")).toEqual([
      {decision_state: "decided", due_amount: due},
    ]);
  });

  it("credits an agreed amount once, on the first line, also where the agreed quantity is the present one", async () => {
    const agreed = (quantity: number) =>
      adjustments(
        ordinaryWorld({
          used: 13,
          agreement_lines: [line("l1", 5), line("l2", 15)],
          mappingDecisions: decision({
            ...{
              decision: "credit",
              delta_quantity: "-7",
              impact_monthly: "-84.00",
              amount: "50",
              currency: "USD",
              quantity,
            },
          }),
        }),
        ...["agreement_line_id", "change_quantity", "due_amount"],
      );
    expect(await agreed(20)).toEqual([{agreement_line_id: "l2", change_quantity: "0.0000", due_amount: "-50.00"}]);
    expect((await agreed(3)).sort(byLine)).toEqual([
      {agreement_line_id: "l1", change_quantity: "-2.0000", due_amount: "0.00"},
      {agreement_line_id: "l2", change_quantity: "-15.0000", due_amount: "-50.00"},
    ]);
  });

  it("goes to what is expected where the agreed quantity was decided about other figures", async () => {
    const mappingDecisions = decision({decision: "bill", delta_quantity: "3", impact_monthly: "36.00", quantity: "22"});
    expect(await adjustments(ordinaryWorld({mappingDecisions}), "decision_state", "decision", "new_quantity")).toEqual([
      {decision_state: "changed", decision: null, new_quantity: "24.0000"},
    ]);
  });

  it("has no money where there is no price", async () => {
    const world = ordinaryWorld({agreement_lines: [line("l1", 20, {unit_price: null})]});
    expect(await adjustments(world, "change_quantity", "unit_price", "monthly_amount", "due_amount")).toEqual([
      {change_quantity: "4.0000", unit_price: null, monthly_amount: null, due_amount: null},
    ]);
  });
});
