import {expect, it} from "vitest";
import {canonicalTables, fits} from "../../loaders/canonical.js";

const row = {seat_id: "1", account_id: "A", product_id: "P"};

it.each([
  [{}, true],
  [{seat_id: ""}, false],
  [{seat_id: 1}, false],
  [{account_id: null}, false],
  [{kind: "device"}, true],
  [{kind: "Device"}, false],
  [{kind: null}, true],
  [{created_at: "2026-02-28T23:59:59.123Z"}, true],
  [{created_at: "2026-02-29"}, false],
  [{created_at: "2024-02-29"}, true],
  [{created_at: "1900-02-29"}, false],
  [{created_at: "2026-13-01"}, false],
  [{created_at: "2026-01-01T24:00:00Z"}, false],
  [{created_at: "2026-01-01T10:00:00"}, false],
  [{commitment_end: "2026-04-31"}, false],
  [{commitment_end: "2026-04-30"}, true],
] as const)("a seat with %j fits: %s, as its schema says", (changes, expected) => {
  const seat = {...row, ...changes};
  expect(fits(canonicalTables.seats, seat)).toBe(expected);
  expect(canonicalTables.seats.schema.safeParse(seat).success).toBe(expected);
});

it.each([
  ["0.5", true],
  ["-12.", true],
  ["00000000000000000001.25", true],
  ["99999999999999", true],
  ["100000000000000", false],
  ["1e5", false],
  ["", false],
  [5, false],
] as const)("a quantity of %j fits: %s, as its schema says", (quantity, expected) => {
  const count = {account_id: "A", product_id: "P", metric: "reported", quantity};
  expect(fits(canonicalTables.counts, count)).toBe(expected);
  expect(canonicalTables.counts.schema.safeParse(count).success).toBe(expected);
});
