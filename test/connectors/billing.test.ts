import {expect, it} from "vitest";
import {z} from "zod";
import {billingCycleOf, monthsBefore, pricePerMonth, requireBillingCycle} from "../../loaders/connectors/billing.js";

const own = {Fortnightly: "monthly", Monthly: "quarterly"} as const;
const schema = z
  .object({cycle: z.string().nullable()})
  .transform(({cycle}, issues) => requireBillingCycle(cycle, own, issues, ["cycle"]));

it("takes a cycle by its usual names, however they are written, and by one's own before them", () => {
  const names = ["Quarterly", "semi-annual", "Half Yearly", "ANNUALLY", "One Time", "Fortnightly", "Monthly"];
  expect(names.map((name) => billingCycleOf(name, own))).toEqual([
    ...["quarterly", "semiannual", "semiannual", "annual", "one_time", "monthly", "quarterly"],
  ]);
});

it.each([
  ["Every blue moon", '"Every blue moon"'],
  ["constructor", '"constructor"'],
])("never guesses what a cycle called %j means", (cycle, shown) => {
  expect(schema.safeParse({cycle}).error?.issues).toMatchObject([
    {
      path: ["cycle"],
      message: `the billing cycle ${shown} is not known: say under billing_cycles in workspace.yaml what it means`,
    },
  ]);
});

it.each([null, ""])("takes the settings' word for what no cycle, %j, means, and says so", (cycle) => {
  const message =
    'it names no billing cycle: let it have one there, or say under billing_cycles in workspace.yaml what "" means';
  expect(schema.safeParse({cycle}).error?.issues).toMatchObject([{path: ["cycle"], message}]);
  expect(billingCycleOf(cycle, {"": "annual"})).toBe("annual");
});

it("brings a price to a month, and has none where price or cycle is unknown", () => {
  expect([pricePerMonth(100, 12), pricePerMonth(0, 3), pricePerMonth(null, 12), pricePerMonth(5, null)]).toEqual([
    ...["8.333333", "0", null, null],
  ]);
});

it("counts months back to a first day, over years and from a month's last day", () => {
  const now = new Date("2026-03-31T23:00:00Z");
  expect([0, 1, 3, 13].map((months) => monthsBefore(now, months))).toEqual([
    ...["2026-03-01", "2026-02-01", "2025-12-01", "2025-02-01"],
  ]);
});
