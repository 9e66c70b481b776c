import {expect, it} from "vitest";
import {sumDecimals} from "../../src/lib/sumDecimals.js";

it.each([
  [["0.10", "0.2", null], "0.30"],
  [["-1.5", "1.25"], "-0.25"],
  [["9007199254740993", "1"], "9007199254740994"],
  [["-0.05"], "-0.05"],
  [[], "0"],
  [["1", "many"], null],
  [["1", "USD 5.00"], null],
  [["1", "5.00 USD"], null],
])("adds up %j to %s without losing a digit", (values, sum) => {
  expect(sumDecimals(values)).toBe(sum);
});

it("adds up as many rows as a query may give", () => {
  expect(sumDecimals(Array.from({length: 500_000}, () => "0.10"))).toBe("50000.00");
});
