import {afterAll, beforeAll, expect, it} from "vitest";
import {type Database, openDatabase} from "../../loaders/database.js";
import {restOfPeriods} from "../../loaders/site/data/restOfPeriods.js";

let database: Database;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

/** A change of a line: prorated amount, days left and in the period, its end, what is due, what is agreed. */
type Change = readonly [
  prorated: number | null,
  left: number,
  days: number,
  end: string,
  due: number | null,
  agreed?: number,
];

async function restOf(...changes: readonly Change[]): Promise<unknown[]> {
  const rows = changes.map(
    ([prorated, left, days, end, due, agreed = null]) =>
      `('r', ${prorated}, ${left}, ${days}, date '${end}', ${due}, ${agreed})`,
  );
  await database.run(
    `create or replace table adjustments as
     select reconciliation_id, cast(prorated_amount as decimal(18, 2)) as prorated_amount, days_left, days_in_period, period_end,
       cast(due_amount as decimal(18, 2)) as due_amount, cast(agreed_amount as decimal(18, 2)) as agreed_amount
     from (values ${rows.join(", ")})
       as rows(reconciliation_id, prorated_amount, days_left, days_in_period, period_end, due_amount, agreed_amount)`,
  );
  const [{reconciliation_id: _, ...rest} = {}] = await database.rows(restOfPeriods);
  return Object.values(rest);
}

it("adds up the lines of a discrepancy, with the days that all of them have", async () => {
  expect(await restOf([12.8, 8, 30, "2026-12-01", 12.8], [3.2, 8, 30, "2026-12-01", 3.2])).toEqual([
    ...["16.00", 8, 30, "2026-12-01", "16.00", false],
  ]);
  expect(await restOf([12.8, 8, 30, "2026-12-01", 12.8], [30, 39, 365, "2027-01-01", 30])).toEqual([
    ...["42.80", null, null, "2027-01-01", "42.80", false],
  ]);
});

it("knows no amount where a line has no price", async () => {
  expect(await restOf([12.8, 8, 30, "2026-12-01", 12.8], [null, 8, 30, "2026-12-01", null])).toEqual([
    ...[null, 8, 30, "2026-12-01", null, false],
  ]);
});

it("says that it was due before where nothing of what there is to prorate is due, and no amount was agreed", async () => {
  const dueBefore = async (...change: Change) => (await restOf(change)).at(-1);
  expect(await dueBefore(12.8, 8, 30, "2026-12-01", 0)).toBe(true);
  expect(await dueBefore(0, 0, 30, "2026-12-01", 0)).toBe(false);
  expect(await dueBefore(12.8, 8, 30, "2026-12-01", 0, 0)).toBe(false);
  expect(await dueBefore(12.8, 8, 30, "2026-12-01", 12.8)).toBe(false);
});
