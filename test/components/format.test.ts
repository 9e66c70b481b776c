import {describe, expect, it} from "vitest";
import {fromCents, toCents} from "../../src/lib/cents.js";
import {directionOf, fields, lastDay, monthly, toCsv, withoutMark} from "../../src/lib/csv.js";
import {
  count,
  day,
  daysInWords,
  money,
  percent,
  period,
  quantity,
  rate,
  roughMoney,
  signedMoney,
} from "../../src/lib/format.js";
import {currenciesApart, sortRows} from "../../src/lib/sortRows.js";

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

  it("goes to cents and back", () => {
    for (const amount of ["0.00", "0.05", "-0.05", "-12.30", "99999999.99"]) {
      expect(fromCents(toCents(amount))).toBe(amount);
    }
  });
});

it("writes days in texts as everywhere else, and leaves ids alone that have one in them", () => {
  expect(daysInWords("last day 2026-10-31, billed from 2026-11-01")).toBe(
    "last day 31 Oct 2026, billed from 1 Nov 2026",
  );
  expect(daysInWords("same as line INV-2026-10-31")).toBe("same as line INV-2026-10-31");
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
  expect(quantity("-2.5000")).toBe("−2.5");
  expect(quantity(null)).toBe("—");
});

it("shows only a whole share as 100 %", () => {
  expect(percent("1.000000")).toBe("100.0%");
  expect(percent("0.999999")).toBe("99.9%");
  expect(percent(null)).toBe("—");
});

it("shows days by their UTC date, and what is no day as it is", () => {
  expect(day("2026-11-01")).toBe("1 Nov 2026");
  expect(day("2026-11-23T23:59:59Z")).toBe("23 Nov 2026");
  expect(day(null)).toBe("—");
  expect(day("infinity")).toBe("infinity");
});

it("shows the last day of a half-open period", () => {
  expect(period("2026-11-01", "2026-12-01")).toBe("1–30 Nov 2026");
  expect(period("2025-12-15", "2026-01-15")).toBe("15 Dec 2025 – 14 Jan 2026");
});

it("writes CSV in which no name is a formula and every number is a number", () => {
  const rows = [
    {name: '=cmd|"x"!A0', amount: "-12.50"},
    {name: "@sum, a", amount: null},
    {name: "-1+1", amount: "3"},
    {name: "＝1+1", amount: "4"},
    {name: "\n=1", amount: "5"},
  ];
  expect(toCsv(fields<(typeof rows)[number]>("name", "amount"), rows)).toBe(
    '\ufeffname,amount\r\n"\'=cmd|""x""!A0",-12.50\r\n"\'@sum, a",\r\n\'-1+1,3\r\n\'＝1+1,4\r\n"\'\n=1",5\r\n',
  );
});

it("reads back what it neutralised, and leaves an apostrophe that was there before", () => {
  expect(["'=1", "'＝1", "'\n=1", "'-a", "'s Hertogenbosch", "a'=b"].map(withoutMark)).toEqual([
    ...["=1", "＝1", "\n=1", "-a", "'s Hertogenbosch", "a'=b"],
  ]);
});

it("exports the last day of what the marts end with the day after it, and says in a word which way an amount points", () => {
  const rows = [
    {period_end: "2026-12-01", impact: "-12.50"},
    {period_end: "2028-03-01", impact: "0.00"},
    {period_end: null, impact: "3.00"},
  ];
  type Row = (typeof rows)[number];
  const columns = [
    lastDay<Row>("period_end"),
    {label: "direction", value: ({impact}: Row) => directionOf(impact)},
    ...monthly<Row>("impact"),
  ];
  expect(toCsv(columns, rows)).toBe(
    "\ufeffperiod_last_day,direction,impact_monthly\r\n2026-11-30,overbilled,-12.50\r\n2028-02-29,,0.00\r\n,underbilled,3.00\r\n",
  );
});

it("sorts the unknown last in both directions, and leaves equals in their order", () => {
  const rows = [
    {id: 1, value: 5},
    {id: 2, value: null},
    {id: 3, value: 7},
    {id: 4, value: 5},
  ];
  const columns = [{key: "value", sortValue: (row: (typeof rows)[number]) => row.value}];
  expect(sortRows(rows, columns, "value").map(({id}) => id)).toEqual([1, 4, 3, 2]);
  expect(sortRows(rows, columns, "-value").map(({id}) => id)).toEqual([3, 1, 4, 2]);
});

it("sorts amounts currency by currency, the workspace's own first, and takes 0 for as little in any", () => {
  const rows = [
    {id: 1, value: 5, currency: "CAD"},
    {id: 2, value: 900, currency: "EUR"},
    {id: 3, value: 0, currency: "USD"},
    {id: 4, value: 7, currency: "USD"},
    {id: 5, value: null, currency: "USD"},
    {id: 6, value: -3, currency: "EUR"},
    {id: 7, value: -4, currency: "USD"},
    {id: 8, value: 70, currency: "USD"},
    {id: 9, value: 0, currency: "CAD"},
  ];
  type Row = (typeof rows)[number];
  const columns = [
    {key: "value", sortValue: (row: Row) => row.value, currencyOf: (row: Row) => row.currency},
    {key: "id", sortValue: (row: Row) => row.id},
  ];
  const sorted = (sort: string, of = rows) => sortRows(of, columns, sort, "USD").map(({id}) => id);
  expect(sorted("-value")).toEqual([8, 4, 1, 2, 3, 9, 7, 6, 5]);
  expect(sorted("value")).toEqual([7, 6, 3, 9, 4, 8, 1, 2, 5]);
  expect(sorted("-id")).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(currenciesApart(rows, columns, "-value", "USD")).toEqual(["USD", "CAD", "EUR"]);
  expect(currenciesApart(rows, columns, "-id", "USD")).toEqual([]);
  const ofOne = rows.filter(({currency}) => currency === "USD");
  expect(currenciesApart(ofOne, columns, "-value", "USD")).toEqual([]);
});
