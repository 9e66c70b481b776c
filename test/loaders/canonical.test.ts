import {readdir, readFile} from "node:fs/promises";
import fc from "fast-check";
import {expect, it} from "vitest";
import {canonicalTables, fits, type TableName} from "../../loaders/canonical.js";
import {checkedRows} from "../../loaders/csv/rows.js";
import {literal, openDatabase} from "../../loaders/database.js";
import {instantSql} from "../../loaders/instants.js";

const plain = {blanks: [], hasOddTexts: false, mayHaveEmptyRows: false};
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
  [{created_at: "2026-01-01T10:00:00+23:00"}, false],
  [{created_at: "2026-01-01T10:00Z"}, true],
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

it.each([
  ["quantity", "100000000000000", 14],
  ["unit_price", "-1000000000000.5", 12],
  ["amount", "10000000000000000", 16],
] as const)(
  "says of a %s of %s how many digits it may have, from an API as from a CSV",
  async (column, value, digits) => {
    const line = {invoice_line_id: "L", invoice_id: "I", quantity: "1", unit_price: "1", amount: "1", [column]: value};
    const reason = `expected a decimal number with a dot and no thousands separator, and at most ${digits} digits before the dot`;
    const parsed = canonicalTables.invoice_lines.schema.safeParse(line);
    expect(parsed.error?.issues.map(({path, message}) => [path, message])).toEqual([[[column], reason]]);

    const positions = new Map(Object.keys(line).map((name, index) => [name, index]));
    const cells = Object.values(line).map((cell, index) => `${literal(cell)} as c${index}`);
    const database = await openDatabase();
    try {
      expect(
        await database.rows(
          checkedRows(canonicalTables.invoice_lines, positions, `(select ${cells.join(", ")})`, plain),
        ),
      ).toMatchObject([
        {invoice_line_id: null, invoice_id: expect.stringContaining(JSON.stringify({column, value, reason}))},
      ]);
    } finally {
      database.close();
    }
  },
);

it.each([
  ["USD", true],
  ["usd", true],
  ["US", false],
  ["USDT", false],
  ["US$", false],
] as const)("a currency of %j fits: %s, as its schema says", (currency, expected) => {
  const agreement = {agreement_id: "AG", client_id: "C", start_date: "2026-01-01", currency};
  expect(fits(canonicalTables.agreements, agreement)).toBe(expected);
  expect(canonicalTables.agreements.schema.safeParse(agreement).success).toBe(expected);
});

it("takes yes and no in every word for them, and refuses what is neither", async () => {
  const texts = ["true", "YES", "1", "False", "no", "0", "", "n/a"];
  const positions = new Map(["product_id", "product_name", "is_trial"].map((name, index) => [name, index]));
  const source = `(select text as c0, 'P' as c1, text as c2 from (select unnest([${texts.map((text) => literal(text || " ")).join(", ")}]) as text))`;
  const database = await openDatabase();
  try {
    const rows = await database.rows(checkedRows(canonicalTables.products, positions, source, plain));
    expect(rows.map(({is_trial}) => is_trial)).toEqual([true, true, true, false, false, false, null, null]);
    expect(rows.at(-1)?.product_id).toBeNull();
  } finally {
    database.close();
  }
});

/** Texts that look like times, of which half are none. */
const likeTimes = fc
  .tuple(
    number(4, 9999),
    number(2, 13),
    number(2, 32),
    fc.option(
      fc.tuple(
        fc.constantFrom("T", "t", " "),
        number(2, 24),
        number(2, 60),
        fc.oneof(number(2, 60), fc.constantFrom("59.1", "59.123", null)),
        fc.oneof(
          fc.constantFrom("Z", "z", ""),
          fc.tuple(fc.constantFrom("+", "-"), number(2, 24), fc.constantFrom("", "30", ":45", ":60")),
        ),
      ),
    ),
  )
  .map(([year, month, day, time]) => {
    const date = `${year}-${month}-${day}`;
    if (time === null) return {text: date, iso: date};
    const [between, hour, minute, second, zone] = time;
    const [sign, hours, minutes] = typeof zone === "string" ? ["+", "00", ""] : zone;
    const seconds = second === null ? "" : `:${second}`;
    return {
      text: `${date}${between}${hour}:${minute}${seconds}${typeof zone === "string" ? zone : zone.join("")}`,
      iso: `${date}T${hour}:${minute}${seconds}${sign}${hours}:${minutes.replace(":", "") || "00"}`,
    };
  });

function number(digits: number, most: number): fc.Arbitrary<string> {
  return fc.integer({min: 0, max: most}).map((value) => String(value).padStart(digits, "0"));
}

it("reads every text that fits as a time as JavaScript does", async () => {
  const times = fc
    .sample(likeTimes, 10_000)
    .filter(({text}) => fits(canonicalTables.seats, {...row, created_at: text}));
  expect(times.length).toBeGreaterThan(1000);
  const database = await openDatabase();
  try {
    const rows = await database.rows(
      `select text, epoch_us(${instantSql("text")}) as instant
       from (select unnest([${times.map(({text}) => `'${text}'`).join(", ")}]) as text)`,
    );
    expect(rows).toEqual(times.map(({text, iso}) => ({text, instant: String(Date.parse(iso) * 1000)})));
  } finally {
    database.close();
  }
});

/** Times as most programs write them, with any one or two neighbours of their characters replaced. */
const damaged = ["2026-11-22T10:23:45Z", "2026-11-22 10:23:45+00"].flatMap((time) =>
  [1, 2].flatMap((length) =>
    Array.from(time).flatMap((_, at) =>
      [..." 0249+-./:TZe"].map((other) => time.slice(0, at) + other.repeat(length) + time.slice(at + length)),
    ),
  ),
);

it("takes from a CSV the times that it takes from an API, and no others", async () => {
  const texts = [...fc.sample(likeTimes, 10_000).map(({text}) => text), ...damaged];
  const positions = new Map(["seat_id", "account_id", "product_id", "created_at"].map((name, index) => [name, index]));
  const source = `(select text as c0, 'A' as c1, 'P' as c2, text as c3 from (select unnest([${texts.map(literal).join(", ")}]) as text))`;
  const database = await openDatabase();
  try {
    const rows = await database.rows(checkedRows(canonicalTables.seats, positions, source, plain));
    const kept = rows.flatMap(({seat_id}) => (seat_id === null ? [] : [seat_id]));
    const expected = texts.filter((text) => fits(canonicalTables.seats, {...row, created_at: text}));
    expect(kept).toEqual(expected);
  } finally {
    database.close();
  }
});

it("tells whoever makes an export as what a blank word counts, where the models take one for another", async () => {
  const staging = new URL("../../data/models/staging/", import.meta.url);
  const taken: string[][] = [];
  for (const file of (await readdir(staging)).filter((name) => name.startsWith("stg_"))) {
    const table = canonicalTables[file.slice("stg_".length, -".sql".length) as TableName];
    const text = await readFile(new URL(file, staging), "utf8");
    for (const [, name, word] of text.matchAll(/coalesce\((?:\w+\.)?(\w+), '(\w+)'\)/g)) {
      const column = table.columns.find((other) => other.name === name);
      taken.push([table.name, String(name), String(word)]);
      expect([table.name, name, column?.description]).toEqual([
        ...[table.name, name],
        expect.stringContaining(`Blank counts as ${word}.`),
      ]);
    }
  }
  expect(taken).toContainEqual(["agreements", "billing_cycle", "monthly"]);
});
