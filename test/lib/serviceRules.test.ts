import {expect, it} from "vitest";
import {covers} from "../../src/lib/readRule.js";
import {isComplete, nextRuleId} from "../../src/lib/serviceRules.js";

const rule = {rule_id: "R01", service_id: "S1", connection_id: "rmm", product_ids: "agent; agent-server"};

it("takes a rule for complete only with all that says what it counts for which service", () => {
  expect(isComplete(rule)).toBe(true);
  for (const column of Object.keys(rule))
    expect([column, isComplete({...rule, [column]: ""})]).toEqual([column, false]);
});

it("covers the products that it names, or every one, of its own connection", () => {
  const product = (connection_id: string, product_id: string) => ({connection_id, product_id});
  expect(covers(rule, product("rmm", "agent-server"))).toBe(true);
  expect(covers(rule, product("rmm", "server"))).toBe(false);
  expect(covers(rule, product("edr", "agent"))).toBe(false);
  expect(covers({...rule, product_ids: "*"}, product("rmm", "server"))).toBe(true);
  expect(covers({...rule, product_ids: "*"}, product("edr", "server"))).toBe(false);
});

it("goes on with the number behind the largest", () => {
  expect([[], ["R01", "R37", "own-99"], ["R99"]].map((ids) => nextRuleId(ids.map((rule_id) => ({rule_id}))))).toEqual([
    ...["R01", "R38", "R100"],
  ]);
});
