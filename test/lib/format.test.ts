import {describe, expect, it} from "vitest";
import {
  count,
  day,
  daysInWords,
  moment,
  money,
  percent,
  period,
  quantity,
  rate,
  roughMoney,
  signedMoney,
} from "../../src/lib/format.js";

describe("money", () => {
  it.each([
    ["1234567890123456.78", "USD", "$1,234,567,890,123,456.78"],
    ["-0.50", "EUR", "−€0.50"],
    ["3", "", " 3.00"],
    [null, "USD", "no price"],
  ])("shows %s %s as %s, losing no digit", (amount, currency, text) => {
    expect(money(amount, currency)).toBe(text);
  });

  it("signs what is not zero", () => {
    expect(signedMoney("4.00", "USD")).toBe("+$4.00");
    expect(signedMoney("0.00", "USD")).toBe("$0.00");
    expect(signedMoney("-0.00", "USD")).toBe("$0.00");
  });
});

it("writes days in texts as everywhere else, and leaves ids alone that have one in them", () => {
  expect(daysInWords("last day 2026-10-31, billed from 2026-11-01")).toBe(
    "last day 31 Oct 2026, billed from 1 Nov 2026",
  );
  expect(daysInWords("same as line INV-2026-10-31")).toBe("same as line INV-2026-10-31");
});

it("writes a time to the minute, in UTC, and says of none that it never was", () => {
  expect(moment("2026-11-23 02:05:59.123+00")).toBe("23 Nov 2026, 02:05 UTC");
  expect(moment(null)).toBe("never");
});

it("groups the digits of counts, and rounds money where there is no room", () => {
  expect(count("187803")).toBe("187,803");
  expect(count(0)).toBe("0");
  expect(roughMoney("2453255.00", "USD")).toBe("$2.5M");
  expect(roughMoney("888.00", "EUR")).toBe("€888");
  expect(roughMoney("1200.00", "")).toBe(" 1.2K");
});

it("shows up to six decimals of a rate and four of a quantity", () => {
  expect(rate("0.012345", "USD")).toBe("$0.012345");
  expect(rate("-12.500000", "USD")).toBe("−$12.50");
  expect(quantity("-2.5000")).toBe("−2.5");
  expect(quantity(null)).toBe("—");
});

it("shows only a whole share as 100 %, and only none as 0 %", () => {
  expect(percent("1.000000")).toBe("100.0%");
  expect(percent("0.999999")).toBe("99.9%");
  expect(percent("1.000200")).toBe("100.1%");
  expect(percent("0.000000")).toBe("0.0%");
  expect(percent("0.000001")).toBe("0.1%");
  expect(percent("-0.000200")).toBe("−0.1%");
  expect(percent("-0.999999")).toBe("−99.9%");
  expect(percent("-1.000001")).toBe("−100.1%");
  expect(percent("-0.0546")).toBe("−5.5%");
  expect(percent(null)).toBe("—");
});

it("shows days by their UTC date, and what is no day as it is", () => {
  expect(day("2026-09-30")).toBe("30 Sep 2026");
  expect(day("2026-11-01")).toBe("1 Nov 2026");
  expect(day("2026-11-23T23:59:59Z")).toBe("23 Nov 2026");
  expect(day(null)).toBe("—");
  expect(day("infinity")).toBe("infinity");
});

it("shows the last day of a half-open period", () => {
  expect(period("2026-11-01", "2026-12-01")).toBe("1–30 Nov 2026");
  expect(period("2025-12-15", "2026-01-15")).toBe("15 Dec 2025 – 14 Jan 2026");
});
