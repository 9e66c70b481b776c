import {createRequire} from "node:module";
import {
  Decimal,
  Field,
  Int32,
  IntervalMonthDayNano,
  Map_,
  makeData,
  makeVector,
  Struct,
  Table,
  TimeMicrosecond,
  TimestampMicrosecond,
  TimestampSecond,
  vectorFromArray,
} from "apache-arrow";
import {expect, it} from "vitest";
import {mendIntervals} from "../../src/lib/arrowIntervals.js";
import type {QueryResult} from "../../src/lib/browserDatabase.js";
import {resultSet} from "../../src/lib/resultSet.js";

const textsOf = (table: Table): (string | null)[] => {
  const {rowCount, text} = resultSet(table as unknown as QueryResult);
  return Array.from({length: rowCount}, (_, row) => text(row, 0));
};

/** Months, days and microseconds, as DuckDB gives them to Arrow. */
function intervals(...rows: readonly (readonly [number, number, bigint])[]): Table {
  const view = new DataView(new ArrayBuffer(rows.length * 16));
  rows.forEach(([months, days, microseconds], row) => {
    view.setInt32(row * 16, months, true);
    view.setInt32(row * 16 + 4, days, true);
    view.setBigInt64(row * 16 + 8, microseconds * 1000n, true);
  });
  const data = new Int32Array(view.buffer);
  return new Table({a: makeVector(makeData({type: new IntervalMonthDayNano(), length: rows.length, data}))});
}

it("writes an interval with as many hours as it has", () => {
  const hour = 3_600_000_000n;
  expect(
    textsOf(
      intervals(
        [0, 0, 0n],
        [1, -1, 0n],
        [-14, 2, 0n],
        [0, 0, 30n * hour],
        [0, 3, -(100n * hour + 61_500_000n)],
        [1, -2, -(25n * hour + 900_250_000n)],
        [0, 0, 1n],
      ),
    ),
  ).toEqual([
    "00:00:00",
    "1 month -1 day",
    "-14 months 2 days",
    "30:00:00",
    "3 days -100:01:01.5",
    "1 month -2 days -25:15:00.25",
    "00:00:00.000001",
  ]);
});

it("writes the hours of a day to its very end", () => {
  const times = vectorFromArray([0n, 86_399_999_999n, 86_400_000_000n], new TimeMicrosecond());
  expect(textsOf(new Table({a: times}))).toEqual(["00:00:00", "23:59:59.999999", "24:00:00"]);
});

it("finds a row in whichever batch it came", () => {
  const batches = [[1, 2, 3], [4], [5, 6]].map((seconds) => {
    const data = new BigInt64Array(seconds.map(BigInt));
    return new Table({a: makeVector(makeData({type: new TimestampSecond(), length: seconds.length, data}))});
  });
  const [first = new Table(), ...others] = batches;
  expect(textsOf(first.concat(...others)).map((text) => text?.slice(-1))).toEqual(["1", "2", "3", "4", "5", "6"]);
});

it("keeps every digit of decimals, big integers and times, and knows null from text", () => {
  const decimal = (scale: number) => new Decimal(scale, 38, 128);
  const words = (value: bigint) => new Uint32Array(new BigInt64Array([value, value < 0n ? -1n : 0n]).buffer);
  const instants = new BigInt64Array([1_795_478_399_999_999n, -1n, 0n]);
  const table = new Table({
    price: vectorFromArray([words(12_345_678_901_234_567n), words(-5n), null], decimal(2)),
    id: vectorFromArray([9_007_199_254_740_993n, 0n, null]),
    at: makeVector(makeData({type: new TimestampMicrosecond("UTC"), data: instants})),
    name: vectorFromArray(["null", "", null]),
  });
  const result = resultSet(table as unknown as QueryResult);
  const shown = [0, 1, 2].map((row) => result.columns.map((_, column) => result.text(row, column)));
  expect(shown).toEqual([
    ["123456789012345.67", "9007199254740993", "2026-11-23 23:59:59.999999Z", "null"],
    ["-0.05", "0", "1969-12-31 23:59:59.999999Z", ""],
    [null, null, "1970-01-01 00:00:00Z", null],
  ]);
  expect(result.columns.map(({type}) => type)).toEqual(["DECIMAL(38,2)", "BIGINT", "TIMESTAMPTZ", "ENUM"]);
});

it("has the amounts of a map with their decimals, as those of a column", () => {
  const decimal = new Decimal(2, 18, 128);
  const words = (units: readonly bigint[]) =>
    new Uint32Array(new BigInt64Array(units.flatMap((value) => [value, value < 0n ? -1n : 0n])).buffer);
  const entries = new Struct([new Field("key", decimal), new Field("value", new Int32())]);
  const table = new Table({
    counts: makeVector(
      makeData({
        type: new Map_(new Field("entries", entries)),
        length: 2,
        valueOffsets: new Int32Array([0, 1, 3]),
        child: makeData({
          type: entries,
          length: 3,
          children: [
            makeData({type: decimal, length: 3, data: words([6800n, -50n, 15600n])}),
            makeData({type: new Int32(), length: 3, data: new Int32Array([1, 2, 3])}),
          ],
        }),
      }),
    ),
  });
  const result = resultSet(table as unknown as QueryResult);
  expect([0, 1].map((row) => result.text(row, 0))).toEqual(["{68.00: 1}", "{-0.50: 2, 156.00: 3}"]);
});

it("shows instants without an end", () => {
  const instants = new BigInt64Array([2n ** 63n - 1n, 1n - 2n ** 63n]);
  expect(textsOf(new Table({at: makeVector(makeData({type: new TimestampMicrosecond(), data: instants}))}))).toEqual([
    "infinity",
    "-infinity",
  ]);
});

it("keeps all of an interval, in a list and in an Arrow file, though Arrow takes it for shorter than it is", () => {
  const require = createRequire(createRequire(import.meta.url).resolve("@duckdb/duckdb-wasm"));
  const arrow = require("apache-arrow");
  const type = new arrow.Interval(2);
  const words = new Int32Array([1, 2, 3, 4, 5].flatMap((day) => [0, day, 0, 0]));
  const days = arrow.makeData({type, length: 5, data: words});
  const lists = arrow.makeData({
    type: new arrow.List(new arrow.Field("took", type, true)),
    valueOffsets: new Int32Array([0, 2, 3, 5]),
    length: 3,
    child: days,
  });
  const shown = (table: QueryResult): (string | null)[] => {
    for (const {data} of table.batches) mendIntervals(data);
    const result = resultSet(table);
    return Array.from({length: result.rowCount}, (_, row) => result.text(row, 0));
  };
  expect(shown(new arrow.Table({took: arrow.makeVector(lists)}))).toEqual([
    "[1 day, 2 days]",
    "[3 days]",
    "[4 days, 5 days]",
  ]);
  const table = new arrow.Table({took: arrow.makeVector(days)});
  const expected = ["1 day", "2 days", "3 days", "4 days", "5 days"];
  expect(shown(table)).toEqual(expected);
  expect(shown(arrow.tableFromIPC(arrow.tableToIPC(table, "file")))).toEqual(expected);
});
