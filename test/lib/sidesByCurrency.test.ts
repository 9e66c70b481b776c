// @vitest-environment jsdom
import {expect, it} from "vitest";
import {sidesByCurrency} from "../../src/lib/sidesByCurrency.js";

it("adds up each side of each currency by itself, and leaves out a side without any and what has no price", () => {
  const rows = [
    ...[["0.10", "USD"] as const, ["-5.00", "USD"] as const, [null, "EUR"] as const, ["0.20", "USD"] as const],
    ...[["-0.01", "EUR"] as const, ["0.00", "EUR"] as const, [null, "CAD"] as const],
  ].map(([impact_monthly, currency]) => ({impact_monthly, currency}));
  expect(sidesByCurrency(rows)).toEqual([
    {currency: "EUR", amount: "-0.01"},
    {currency: "USD", amount: "0.30"},
    {currency: "USD", amount: "-5.00"},
  ]);
});
