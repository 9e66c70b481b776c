import {expect, it} from "vitest";
import {type CountingRule, ruleSteps, stepsExplain} from "../../src/lib/ruleSteps.js";

const rule = (over: Partial<CountingRule> = {}): CountingRule => ({
  rule_id: "R1",
  connection_id: "rmm",
  count_method: "seats",
  multiplier: "1.0000",
  minimum: null,
  maximum: null,
  ...over,
});

it.each([
  ["rounds up what the multiplier leaves", {multiplier: "0.5000"}, "7.0000", "4.0000"],
  ["multiplies by all digits", {multiplier: "0.0009765625"}, "10240.0000", "10.0000"],
  ["keeps a whole number whole", {multiplier: "0.1000"}, "30.0000", "3.0000"],
  ["raises to the minimum", {minimum: "5.0000"}, "2.0000", "5.0000"],
  ["caps at the maximum", {maximum: "10.0000"}, "12.0000", "10.0000"],
])("%s", (_, over, counted, result) => {
  expect(ruleSteps([rule(over)], [{rule_id: "R1", counted_quantity: counted}])).toMatchObject([{counted, result}]);
});

it("takes rules that count people together, and others one by one, whatever they are called", () => {
  const rules = [
    rule({rule_id: "R1", count_method: "identities"}),
    rule({rule_id: "R2", count_method: "identities", connection_id: "edr"}),
    rule({rule_id: "identities"}),
  ];
  const sources = [
    {rule_id: "R1", counted_quantity: "3.0000"},
    {rule_id: "R2", counted_quantity: "2.0000"},
    {rule_id: "identities", counted_quantity: "4.0000"},
  ];
  const steps = ruleSteps(rules, sources);
  expect(steps.map(({ruleIds, result}) => [ruleIds.join("+"), result])).toEqual([
    ["R1+R2", "5.0000"],
    ["identities", "4.0000"],
  ]);
  expect(stepsExplain(steps, "1.0000", "8.0000")).toBe(true);
  expect(stepsExplain(steps, "1.0000", "9.0000")).toBe(false);
  expect(stepsExplain(steps, "20.0000", "0.0000")).toBe(true);
});
