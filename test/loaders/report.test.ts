import {expect, it} from "vitest";
import {describeSummary} from "../../loaders/report.js";

it("says 100% of what is whole only, as the pages do", () => {
  const coverage = (lines: string | null, amount: string | null) =>
    describeSummary([{currency: "USD", coverage_lines: lines, coverage_amount: amount}])[2];
  expect(coverage("0.999600", "1.000000")).toBe("  coverage: 99.9% of billed lines, 100.0% of their amount");
  expect(coverage("0.912345", null)).toBe("  coverage: 91.2% of billed lines, — of their amount");
});
