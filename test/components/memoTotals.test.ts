// @vitest-environment jsdom
import {expect, it} from "vitest";
import {memoTotals} from "../../src/components/memoTotals.js";
import type {Adjustment} from "../../src/lib/clientData.js";
import {memoNumber} from "../../src/lib/memoNumber.js";

const change = (given: Partial<Adjustment>): Adjustment =>
  ({
    ...{
      adjustment_id: "a",
      decision_state: "decided",
      currency: "USD",
      new_quantity: "3.0000",
      billing_cycle: "monthly",
    },
    ...{monthly_amount: "30.00", due_amount: "8.00", ...given},
  }) as Adjustment;

const told = (adjustments: readonly Adjustment[]): string[][] =>
  [...memoTotals(adjustments).querySelectorAll(".figure")].map((figure) =>
    [...figure.children].map(({textContent}) => textContent ?? ""),
  );

it("says what is due now of either direction, and apart from it what recurs, each currency by itself", () => {
  const list = [
    change({}),
    change({monthly_amount: "-12.00", due_amount: "-25.00"}),
    change({currency: "EUR", monthly_amount: "-5.00", due_amount: "-1.20"}),
  ];
  expect(told(list)).toEqual([
    ["To bill now, EUR", "€0.00", "once, decided"],
    ["To credit now, EUR", "€1.20", "once, decided"],
    ["Then each month, EUR", "−€5.00", "change of the recurring bill; not due now"],
    ["To bill now, USD", "$8.00", "once, decided"],
    ["To credit now, USD", "$25.00", "once, decided"],
    ["Then each month, USD", "+$30.00−$12.00", "change of the recurring bill; not due now"],
  ]);
});

it("never says that what is billed for a longer time comes each month", () => {
  const recurs = (...list: Adjustment[]) => told(list)[2];
  expect(recurs(change({billing_cycle: "annual"}))).toEqual([
    "Then, brought to a month, USD",
    "+$30.00",
    "change of the recurring bill, which is annual; not due now",
  ]);
  const both = [change({billing_cycle: "quarterly"}), change({}), change({})];
  for (const list of [both, both.toReversed()]) {
    expect(recurs(...list)?.[2]).toBe("change of the recurring bill, which is monthly and quarterly; not due now");
  }
});

it.each(["open", "changed", "expired"])("counts nothing that is %s", (decision_state) => {
  const open = change({decision_state, due_amount: "99.00"});
  expect(told([change({}), open])[0]).toEqual(["To bill now, USD", "$8.00", "once, decided"]);
});

it("never takes what has no price for 0", () => {
  const unpriced = change({monthly_amount: null, due_amount: null});
  expect(told([unpriced]).map(([, value]) => value)).toEqual(["no price", "no price", "no price"]);
  expect(told([change({}), unpriced])[0]?.[2]).toBe("once, decided; 1 change without a price left out");
  const free = change({monthly_amount: "0.00", due_amount: "0.00"});
  expect(told([free]).map(([, value]) => value)).toEqual(["$0.00", "$0.00", "$0.00"]);
  const cents = [change({monthly_amount: "0.01", due_amount: "0.01"}), change({due_amount: "-0.01"})];
  expect(told(cents).map(([, value]) => value)).toEqual(["$0.01", "$0.01", "+$30.01"]);
});

it("is filed under a number that stays while the memo says the same, whatever its order", () => {
  const [one, two] = [change({}), change({adjustment_id: "b"})];
  const number = memoNumber("C1015", "2026-11-23", [one, two]);
  // What was filed must be found again, whatever becomes of the code.
  expect(number).toBe("C1015-20261123-9EF9");
  expect(memoNumber("C1015", "2026-11-23", [two, one])).toBe(number);
  expect(memoNumber("C1015", "2026-11-23", [one])).not.toBe(number);
  expect(memoNumber("C1015", "2026-11-23", [one, change({adjustment_id: "b", due_amount: "8.01"})])).not.toBe(number);
});
