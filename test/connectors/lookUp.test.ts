import {describe, expect, it} from "vitest";
import {billingCycleOf} from "../../loaders/connectors/billing.js";
import {columnValue} from "../../loaders/connectors/http-json/index.js";
import {lookUp} from "../../loaders/connectors/values.js";

describe.each(["constructor", "__proto__", "toString"])("a vendor's word %s", (word) => {
  it("is in no table that does not have it", () => {
    expect(lookUp({Monthly: 1}, word)).toBeUndefined();
    expect(billingCycleOf(word, {})).toBeUndefined();
  });

  it("stays as it is where a declared map does not name it", () => {
    expect(columnValue({product: word}, {path: "product", map: {edr: "EDR"}})).toBe(word);
    expect(columnValue({product: word}, {path: "product", map: {edr: "EDR"}, default: "other"})).toBe("other");
  });
});

it("is found in a table that has it", () => {
  expect(lookUp({Monthly: 1}, "Monthly")).toBe(1);
  expect(lookUp({Monthly: 1}, null)).toBeUndefined();
});

it.each([
  ["6-Monthly", "semiannual"],
  ["3 monthly", "quarterly"],
  ["Half-yearly", "semiannual"],
  ["2-Yearly", undefined],
  ["3 Yearly", undefined],
  ["12 Monthly", undefined],
  ["Monthly 15", "monthly"],
])("takes a billing cycle %s for %s: its number counts", (name, cycle) => {
  expect(billingCycleOf(name, {})).toBe(cycle);
});
