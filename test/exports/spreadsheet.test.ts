import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import readWorkbook from "read-excel-file/node";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type Database, openDatabase} from "../../loaders/database.js";
import {sheetOf, writeWorkbook} from "../../loaders/exports/spreadsheet.js";
import {readZip} from "./readZip.js";

let database: Database;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

/** The cell that a value becomes, in a row of dollars. */
async function cell(sql: string, name = "a"): Promise<unknown> {
  const {data} = await sheetOf(database, "One", `select ${sql} as ${name}, 'USD' as currency`);
  return data[1]?.[0];
}

const number = (value: number, format: string) => ({value, type: Number, format});

describe("a cell", () => {
  it.each([
    ["cast(1234.5 as decimal(18, 2))", "a", number(1234.5, "#,##0.00 [$USD]")],
    ["cast(1.25 as decimal(18, 6))", "a", number(1.25, "#,##0.00#### [$USD]")],
    ["cast(3 as decimal(18, 4))", "a", number(3, "#,##0")],
    ["cast(10 as decimal(18, 4))", "a", number(10, "#,##0")],
    ["cast(3.05 as decimal(18, 4))", "a", number(3.05, "#,##0.0###")],
    ["cast(0.5 as decimal(18, 6))", "coverage_lines", number(0.5, "0.0%")],
    ["cast(0.5 as decimal(18, 6))", "margin_share", number(0.5, "0.0%")],
    ["cast(1234 as integer)", "a", number(1234, "#,##0")],
    ["cast(1234 as bigint)", "a", number(1234, "#,##0")],
  ])("of %s, named %s, is a number in its format", async (sql, name, expected) => {
    expect(await cell(sql, name)).toEqual(expected);
  });

  it("has no currency where its row has none", async () => {
    for (const currency of ["null", "'usd'", "'\"$]'", "'xUSD'", "'USDx'"]) {
      const {data} = await sheetOf(database, "One", `select cast(1 as decimal(18, 2)) as a, ${currency} as currency`);
      expect(data[1]?.[0], currency).toEqual(number(1, "#,##0.00"));
    }
  });

  it("keeps every digit: as text where a spreadsheet has not as many", async () => {
    const digits = async (text: string) => ((await cell(`cast(${text} as decimal(24, 4))`)) as {value: unknown}).value;
    expect(await digits("99999999999.1234")).toBe(99_999_999_999.1234);
    expect(await digits("999999999999.1234")).toBe("999999999999.1234");
    expect(await digits("-100000000000000000")).toBe(-100_000_000_000_000_000);
    expect(await digits("99999999999.1200")).toBe(99_999_999_999.12);
    expect(await digits("100000000000000001.0000")).toBe("100000000000000001.0000");
    expect(await digits("0.0012")).toBe(0.0012);
  });

  it("has a date, the last day of a period, or an instant as such", async () => {
    expect(await cell("date '2026-12-01'", "due_on")).toEqual({
      ...{value: new Date("2026-12-01T00:00:00Z"), type: Date, format: "yyyy-mm-dd"},
    });
    expect(await cell("date '2026-12-01'", "period_end")).toMatchObject({value: new Date("2026-11-30T00:00:00Z")});
    expect(await cell("timestamptz '2026-12-01 03:04:05.678Z'")).toEqual({
      ...{value: new Date("2026-12-01T03:04:05.678Z"), type: Date, format: "yyyy-mm-dd hh:mm"},
    });
  });

  it("keeps as text a day before those that a spreadsheet knows", async () => {
    const text = (value: string) => ({value, type: String});
    expect(await cell("date '1900-02-28'", "due_on")).toEqual(text("1900-02-28"));
    expect(await cell("date '1900-03-01'", "due_on")).toMatchObject({value: new Date("1900-03-01T00:00:00Z")});
    expect(await cell("timestamptz '0001-01-01 00:00:00Z'")).toEqual(text("0001-01-01 00:00:00+00"));
    expect(await cell("date '0001-01-01'", "period_end")).toEqual(text("0000-12-31"));
  });

  it("is empty without a value, and tells false from it", async () => {
    expect(await cell("cast(null as boolean)")).toBeNull();
    expect(await cell("cast(null as decimal(18, 2))")).toBeNull();
    expect([await cell("false"), await cell("true")]).toEqual([false, true].map((value) => ({value, type: Boolean})));
  });

  it("leaves out what a workbook cannot hold", async () => {
    const kept = async (sql: string) => ((await cell(sql)) as {value: string}).value;
    const codes = [0x01, 0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x1f, 0x20, 0xfffe, 0xffff];
    expect(await kept(codes.map((code) => `chr(${code})`).join(" || "))).toBe("\t\n\r ");
    expect(await kept("repeat('x', 32767)")).toBe("x".repeat(32_767));
    expect(await kept("repeat('x', 32768)")).toBe(`${"x".repeat(32_766)}…`);
  });
});

describe("a sheet", () => {
  it("says in its header what a column would be misread without", async () => {
    const {data} = await sheetOf(
      database,
      "One",
      "select 1 as seat_count, date '2026-12-01' as period_end, timestamptz '2026-12-01 00:00:00Z' as as_of, 'a' as the_end",
    );
    expect(data[0]?.map((header) => (header as {value: string}).value)).toEqual([
      ...["Seat count", "Period last day", "As of (UTC)", "The end"],
    ]);
  });

  it("has columns as wide as what stands in them, within limits", async () => {
    const {widths} = await sheetOf(
      database,
      "One",
      `select 'x' as a, repeat('x', 30) as b, repeat('x', 99) as c, cast(null as varchar) as d_is_rather_long, 1 as e,
         1 as f_is_named_longer_than_20, timestamptz '2026-12-01 00:00:00Z' as g, 1 as h_is_fifteen_on`,
    );
    expect(widths).toEqual([10, 32, 60, 18, 12, 20, 18, 17]);
  });

  it("has as many rows as it can hold, in their order, and counts what is left", async () => {
    const sql = "select n from range(5) as rows(n) order by n desc";
    const [some, all] = [await sheetOf(database, "Some", sql, 3), await sheetOf(database, "All", sql, 5)];
    expect(some.data.slice(1)).toEqual([4, 3, 2].map((n) => [number(n, "#,##0")]));
    expect([some.left, all.left, all.data.length]).toEqual([2, 0, 6]);
  });

  it("has one cell for what repeats in a column, each amount in the currency of its row", async () => {
    const {data} = await sheetOf(
      database,
      "Repeated",
      `select cast(5 as decimal(18, 2)) as a, case when n < 6000 then 'null' end as b, n as c,
         case when n = 1 then 'EUR' else 'USD' end as currency
       from range(6001) as rows(n) order by n`,
    );
    const [, first, second, third] = data;
    expect(third?.[0]).toBe(first?.[0]);
    expect(third?.[1]).toBe(first?.[1]);
    expect([first?.[0], second?.[0]]).toEqual(["USD", "EUR"].map((code) => number(5, `#,##0.00 [$${code}]`)));
    expect([first?.[1], data[6001]?.[1]]).toEqual([{value: "null", type: String}, null]);
    expect(data.slice(1).map((row) => (row[2] as {value: number}).value)).toEqual([...Array(6001).keys()]);
  });

  it("has a row less than Excel holds, as its header is one", async () => {
    const {data, left} = await sheetOf(database, "Long", "select n from range(1048576) as rows(n)");
    expect([data.length, left]).toEqual([1_048_576, 1]);
  });

  it("offers filters over all of its columns and rows", async () => {
    const folder = await mkdtemp(join(tmpdir(), "trueup-spreadsheet-"));
    const file = join(folder, "wide.xlsx");
    const sheets = await Promise.all(
      [1, 26, 27, 52, 53, 703].map((count) =>
        sheetOf(
          database,
          `Of ${count}`,
          `select ${Array.from({length: count}, (_, place) => `n as c${place}`).join(", ")} from range(2) as rows(n)`,
        ),
      ),
    );
    await writeWorkbook(file, sheets);
    const archive = await readFile(file);
    const ranges = sheets.map(
      (_, place) => /<autoFilter ref="(.*?)"/.exec(readZip(archive, `xl/worksheets/sheet${place + 1}.xml`))?.[1],
    );
    expect(ranges).toEqual(["A", "Z", "AA", "AZ", "BA", "AAA"].map((column) => `A1:${column}3`));
    expect((await readWorkbook(file)).map(({sheet, data}) => [sheet, data[0]?.length, data.length])).toEqual(
      [1, 26, 27, 52, 53, 703].map((count) => [`Of ${count}`, count, 3]),
    );
    await rm(folder, {recursive: true});
  });
});
