import {
  IntervalMonthDayNano,
  makeData,
  makeVector,
  Table,
  TimeMicrosecond,
  TimestampSecond,
  vectorFromArray,
} from "apache-arrow";
import {expect, it} from "vitest";
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
        [0, 0, 1n],
      ),
    ),
  ).toEqual(["00:00:00", "1 month -1 day", "-14 months 2 days", "30:00:00", "3 days -100:01:01.5", "00:00:00.000001"]);
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
