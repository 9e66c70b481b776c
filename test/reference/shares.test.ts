import {describe, expect, it} from "vitest";
import {decimal, format} from "./rational.js";
import {shareOut} from "./shares.js";

function shares(amount: string, ...weights: string[]): string[] {
  return shareOut(decimal(amount), weights.map(decimal)).map((share) => format(share, 2));
}

describe("shares of an amount", () => {
  it("are in proportion to the weights", () => {
    expect(shares("90.00", "1", "0", "2")).toEqual(["30.00", "0.00", "60.00"]);
  });

  it("add up to it where a cent cannot be divided", () => {
    expect(shares("0.01", "1", "1", "1")).toEqual(["0.00", "0.01", "0.00"]);
  });

  it("are equal where nothing has a weight", () => {
    expect(shares("10.00", "0", "0")).toEqual(["5.00", "5.00"]);
  });
});
