import {describe, expect, it} from "vitest";
import {ceiling, decimal, divide, format, multiply} from "./rational.js";

describe("a rational number", () => {
  it.each([
    ["0.005", "0.01"],
    ["-0.005", "-0.01"],
    ["0.0049999999", "0.00"],
    ["2.675", "2.68"],
    ["-0.004", "0.00"],
    ["1000000000000000.005", "1000000000000000.01"],
  ])("%s rounds half away from zero to %s", (given, expected) => {
    expect(format(decimal(given), 2)).toBe(expected);
  });

  it("rounds once, on the exact value", () => {
    expect(format(divide(decimal("10"), decimal("3")), 6)).toBe("3.333333");
    expect(format(divide(decimal("-2"), decimal("-3")), 2)).toBe("0.67");
    expect(format(multiply(divide(decimal("1"), decimal("3")), decimal("3")), 4)).toBe("1.0000");
  });

  it.each([
    ["1.1", "2"],
    ["1", "1"],
    ["0", "0"],
    ["-1.5", "-1"],
  ])("%s has the ceiling %s", (given, expected) => {
    expect(format(ceiling(decimal(given)), 0)).toBe(expected);
  });

  it("refuses what is no decimal number", () => {
    expect(() => decimal("1e3")).toThrow("Not a decimal: 1e3");
    expect(() => decimal(".")).toThrow("Not a decimal: .");
  });
});
