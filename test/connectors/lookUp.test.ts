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
