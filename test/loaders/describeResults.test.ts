import {expect, it} from "vitest";
import {describeSummary} from "../../loaders/describeResults.js";

it("says 100% of what is whole only, as the pages do", () => {
  const coverage = (lines: string | null, amount: string | null) =>
    describeSummary([{currency: "USD", coverage_lines: lines, coverage_amount: amount}])[2];
  expect(coverage("0.999600", "1.000000")).toBe("  coverage: 99.9% of billed lines, 100.0% of their amount");
  expect(coverage("0.912345", null)).toBe("  coverage: 91.2% of billed lines, — of their amount");
});

it("counts one discrepancy as one", () => {
  const [line] = describeSummary([
    {
      currency: "USD",
      underbilled_monthly: "1.00",
      overbilled_monthly: "0.00",
      discrepancy_count: "1",
      unpriced_count: "0",
    },
  ]);
  expect(line).toBe("USD: underbilled 1.00, overbilled 0.00 a month in 1 discrepancy");
});
