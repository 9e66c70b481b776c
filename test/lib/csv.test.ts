import {expect, it} from "vitest";
import {directionOf, fields, lastDay, monthly, toCsv, withoutMark} from "../../src/lib/csv.js";

it("writes CSV in which no name is a formula and every number is a number", () => {
  const rows = [
    {name: '=cmd|"x"!A0', amount: "-12.50"},
    {name: "@sum, a", amount: null},
    {name: "-1+1", amount: "3"},
    {name: "＝1+1", amount: "4"},
    {name: "\n=1", amount: "5"},
  ];
  expect(toCsv(fields<(typeof rows)[number]>("name", "amount"), rows)).toBe(
    '\ufeffname,amount\r\n"\'=cmd|""x""!A0",-12.50\r\n"\'@sum, a",\r\n\'-1+1,3\r\n\'＝1+1,4\r\n"\'\n\'=1",5\r\n',
  );
});

it("writes no formula where a spreadsheet separates cells by semicolons or tabs, and a value that has them as one cell", () => {
  const names = ["A;=1+1;b", "A\t@b", 'A;"=1"', "m365;rmm", "A; -5"];
  expect(toCsv([{label: "name", value: (name: string) => name}], names)).toBe(
    '\ufeffname\r\n"A;\'=1+1;b"\r\n"A\t\'@b"\r\n"A;""\'=1"""\r\n"m365;rmm"\r\n"A; -5"\r\n',
  );
});

it("reads back what it neutralised, and leaves an apostrophe that was there before", () => {
  expect(["'=1", "'＝1", "'\n'=1", "'-a", "a;'=1", "'s Hertogenbosch", "a'=b"].map(withoutMark)).toEqual([
    ...["=1", "＝1", "\n=1", "-a", "a;=1", "'s Hertogenbosch", "a'=b"],
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
