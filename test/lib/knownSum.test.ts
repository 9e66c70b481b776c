import {expect, it} from "vitest";
import {knownSum} from "../../src/lib/knownSum.js";

it("knows a sum unless nothing but what has no price is in it", () => {
  expect(knownSum("0.00", true)).toBeNull();
  expect(knownSum("0.00", false)).toBe("0.00");
  expect(knownSum("12.00", true)).toBe("12.00");
  expect(knownSum("-12.00", true)).toBe("-12.00");
});
