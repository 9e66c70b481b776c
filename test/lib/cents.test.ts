import {expect, it} from "vitest";
import {centsIfKnown, fromCents, sumAmounts, toCents} from "../../src/lib/cents.js";

it.each([
  ["-12.30", -1230],
  ["0.00", 0],
  ["-0.00", 0],
  ["7", 700],
  [".5", 50],
  ["70368744177663.99", 7_036_874_417_766_399],
])("reads %s as %d cents", (amount, cents) => {
  expect(toCents(amount)).toBe(cents);
});

it.each(["0.00", "0.05", "-0.05", "-12.30", "99999999.99"])("reads %s and writes it again", (amount) => {
  expect(fromCents(toCents(amount))).toBe(amount);
});

it("writes cents with both digits, and a sign where there is something", () => {
  expect([fromCents(-1230), fromCents(5), fromCents(0), fromCents(-0)]).toEqual(["-12.30", "0.05", "0.00", "0.00"]);
});

it("adds amounts to the cent, and adds nothing for what is unknown", () => {
  expect(sumAmounts(["0.10", "0.20", null, "-0.30", "12.00"])).toBe("12.00");
});

it("knows no sum where every amount is unknown", () => {
  expect([sumAmounts([null, null]), sumAmounts([]), sumAmounts(["0.00"])]).toEqual([null, null, "0.00"]);
  expect([centsIfKnown(null), centsIfKnown("0.00")]).toEqual([null, 0]);
});
