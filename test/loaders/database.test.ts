import {DuckDBTimestampTZValue} from "@duckdb/node-api";
import {expect, it} from "vitest";
import {openDatabase} from "../../loaders/database.js";

it("writes instants in UTC on a machine far east of it", async () => {
  DuckDBTimestampTZValue.timezoneOffsetInMinutes = 14 * 60;
  const database = await openDatabase();
  try {
    expect(await database.rows("select '2026-11-19T16:00:00Z'::timestamptz as at")).toEqual([
      {at: "2026-11-19 16:00:00+00"},
    ]);
  } finally {
    database.close();
  }
});
