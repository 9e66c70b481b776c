import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import fc from "fast-check";
import {expect, it} from "vitest";
import {canonicalTables} from "../../../loaders/canonical.js";
import {loadCsv} from "../../../loaders/csv/loadCsv.js";
import {openDatabase} from "../../../loaders/database.js";

/** What may stand in a file, and what is kept of it; undefined for what does not fit. */
type Written = readonly [text: string, kept: string | null | undefined];

const ids: Written[] = [
  ["a", "a"],
  ["É 1", "É 1"],
  ["NULL", "NULL"],
  ["a\u00a0b", "a\u00a0b"],
  ["\u3042", "\u3042"],
  ["\u001fz", "\u001fz"],
  ['say "hi", twice', 'say "hi", twice'],
  ["two\nlines", "two\nlines"],
  ["", null],
];
const kinds: Written[] = [
  ["user", "user"],
  ["Shared_MAILBOX", "shared_mailbox"],
  ["laptop", undefined],
  ["users", undefined],
  ["", null],
];
const instants: Written[] = [
  ["2026-01-02T03:04:05Z", "2026-01-02 03:04:05+00"],
  ["2026-01-02 03:04:05+00", "2026-01-02 03:04:05+00"],
  ["2026-01-02t03:04:05.5z", "2026-01-02 03:04:05.5+00"],
  ["2026-01-02T03:04:05+02:00", "2026-01-02 01:04:05+00"],
  ["2026-01-02T03:04:05-02", "2026-01-02 05:04:05+00"],
  ["2026-01-02T03:04Z", "2026-01-02 03:04:00+00"],
  ["2026-01-02 03:04-0230", "2026-01-02 05:34:00+00"],
  ["2026-01-02", "2026-01-02 00:00:00+00"],
  ["2026-02-30T00:00:00Z", undefined],
  ["2026-01-02T25:00:00Z", undefined],
  ["2026-01-02T24:00:00Z", undefined],
  ["2026-01-02 24:00:00+00", undefined],
  ["2026-01-02T24:00:00-05:00", undefined],
  ["2026-01-02T23:59:59Z", "2026-01-02 23:59:59+00"],
  ["2026-01-02T03:04:05+14:00", "2026-01-01 13:04:05+00"],
  ["2026-01-02T03:04:05+16:00", undefined],
  ["2026-01-02T03:04:05-1660", undefined],
  ["2026-01-02T03:04:05", undefined],
  ["2026-01-2  03:04:05+00", undefined],
  ["2026-01-02T 3:04:05Z", undefined],
  ["2026-01-02T03:04:0.Z", undefined],
  ["infinity", undefined],
  ["", null],
];
const dates: Written[] = [
  ["2026-01-02", "2026-01-02"],
  ["2026-02-30", undefined],
  ["2026-1-2", undefined],
  ["2026/01/02", undefined],
  ["2026-01-02T00:00:00Z", undefined],
  ["", null],
];
const columns = {
  seat_id: ids,
  account_id: ids,
  product_id: ids,
  kind: kinds,
  display_name: ids,
  created_at: instants,
  commitment_end: dates,
} as const;
const names = Object.keys(columns) as (keyof typeof columns)[];
const key = ["account_id", "product_id", "seat_id"] as const;
const required: readonly string[] = key;

type Row = Readonly<Record<keyof typeof columns, Written>>;

const blank = fc.constantFrom("", "", "", "", " ", "\t", " \r\n", "\u00a0", "\u202f \u3000", "\ufeff");
const cell = (choices: readonly Written[]) =>
  fc
    .tuple(blank, fc.constantFrom(...choices), blank)
    .map(([before, [text, kept], after]): Written => [`${before}${text}${after}`, kept]);
const row = fc.record(Object.fromEntries(names.map((name) => [name, cell(columns[name])]))) as fc.Arbitrary<Row>;

/** So many rows that fit keep those that do not below the share at which the file fails. */
const usual = Array.from({length: 400}, (_, index): Row => {
  const id: Written = [`usual${index}`, `usual${index}`];
  const empty: Written = ["", null];
  return {
    seat_id: id,
    account_id: id,
    product_id: id,
    kind: empty,
    display_name: id,
    created_at: empty,
    commitment_end: empty,
  };
});

/** What must become of rows, worked out one by one. */
function expected(rows: readonly Row[]): {kept: unknown[]; quarantined: unknown[]} {
  const kept: unknown[] = [];
  const quarantined: unknown[] = [];
  const seen = new Set<string>();
  let line = 2;
  for (const row of rows) {
    const [bad, ...others] = names.filter(
      (name) => row[name][1] === undefined || (required.includes(name) && row[name][1] === null),
    );
    const identity = key.map((name) => String(row[name][1]));
    if (bad !== undefined) {
      const isMissing = row[bad][1] === null;
      quarantined.push({line, column: bad, value: isMissing ? null : row[bad][0].trim(), isMissing, others});
    } else if (seen.has(JSON.stringify(identity))) {
      quarantined.push({line, column: key.join(", "), value: identity.join(", "), isMissing: false, others: []});
    } else {
      seen.add(JSON.stringify(identity));
      kept.push(Object.fromEntries(names.map((name) => [name, row[name][1]])));
    }
    line += 1 + names.flatMap((name) => row[name][0].match(/\n/g) ?? []).length;
  }
  return {kept, quarantined};
}

it("keeps and quarantines of any file what each of its rows by itself says", async () => {
  const folder = await mkdtemp(join(tmpdir(), "trueup-csv-"));
  const database = await openDatabase({threads: 2});
  const path = join(folder, "seats.csv");
  const target = join(folder, "seats.parquet");
  try {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, {maxLength: 20}),
        fc.nat(usual.length),
        fc.boolean(),
        fc.constantFrom(["\n"], ["\r\n"], ["\n", "\r\n"], ["\r\n", "\r\n", "\n"]),
        async (odd, place, isQuoted, ends) => {
          const rows = [...usual.slice(0, place), ...odd, ...usual.slice(place)];
          const quoted = (text: string) =>
            isQuoted || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
          const lines = rows.map((row) => names.map((name) => quoted(row[name][0])).join(","));
          const text = [names.join(","), ...lines].map((line, index) => `${line}${ends[index % ends.length]}`).join("");
          await writeFile(path, text);
          const {kept, quarantined} = expected(rows);
          const loaded = await loadCsv(database, canonicalTables.seats, {path}, target);
          expect(await database.rows(`select ${names.join(", ")} from read_parquet('${target}')`)).toEqual(kept);
          expect(
            loaded.quarantined.map(({line, column, value, reason}) => ({
              line,
              column,
              value,
              isMissing: reason.startsWith("a value is required"),
              others: names.filter((name) => reason.split("; ")[1]?.match(/\w+/g)?.includes(name)),
            })),
          ).toEqual(quarantined);
          expect([loaded.rowsRead, loaded.rowsKept]).toEqual([rows.length, kept.length]);
          expect(loaded.notes).toEqual([]);
        },
      ),
      {numRuns: 60},
    );
  } finally {
    database.close();
    await rm(folder, {recursive: true, force: true});
  }
}, 60_000);
