import {mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import type {InputRow} from "../../../loaders/marts/inputs.js";
import type {MartInputs} from "../../../loaders/marts/marts.js";
import {readFingerprints, readUnchanged, traceProvenance, writeProvenance} from "../../../loaders/marts/provenance.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-provenance-"));
  await writeFile(join(folder, "summary.parquet"), "");
});
afterEach(() => rm(folder, {recursive: true, force: true}));

const sync = (fresh_at: string | null, given: InputRow = {}): InputRow => ({
  ...{connection_id: "rmm", fresh_at, is_current: true},
  ...given,
});

const ordinary = {hours: 24, sql: "select 1", macros: "", currency: "USD", october: "0123abcd"};

function trace(as_of: string, syncs: readonly InputRow[] = [], given: Partial<typeof ordinary> = {}) {
  const {hours, sql, macros, currency, october} = {...ordinary, ...given};
  const settings = [{as_of, as_of_date: as_of.slice(0, 10), stale_after_hours: hours, currency}];
  const closed = [{period: "2026-10", checksum: october}];
  const inputs = {settings, syncs, closed, lake: []} as unknown as MartInputs;
  return traceProvenance(inputs, {models: [{file: "a.sql", sql}] as never, macros});
}

it.each([
  ["the day's end", [], "2026-11-24T00:00:00.000Z"],
  ["a sync gets too old", [sync("2026-11-22T18:00:00Z")], "2026-11-23T18:00:00.001Z"],
  [
    "the first of several does",
    [sync("2026-11-22T20:00:00Z"), sync("2026-11-22T13:00:00Z")],
    "2026-11-23T13:00:00.001Z",
  ],
  ["it is as old as it may be", [sync("2026-11-22T12:00:00Z")], "2026-11-23T12:00:00.001Z"],
  ["the day's end, where it was too old before", [sync("2026-11-22T11:59:59.999Z")], "2026-11-24T00:00:00.000Z"],
  [
    "the day's end, whatever is not in use",
    [sync("2026-11-22T18:00:00Z", {is_current: false}), sync(null)],
    "2026-11-24T00:00:00.000Z",
  ],
])("lets figures of noon hold until %s", (_, syncs, until) => {
  expect(trace("2026-11-23T12:00:00Z", syncs).holdsUntil.toISOString()).toBe(until);
});

it("lets a setting say when a sync is too old", () => {
  const {holdsUntil} = trace("2026-11-23T12:00:00Z", [sync("2026-11-23T02:00:00Z")], {hours: 12});
  expect(holdsUntil.toISOString()).toBe("2026-11-23T14:00:00.001Z");
});

const unchanged = (next: ReturnType<typeof trace>, isAsOfNow: boolean, marts = ["summary"]) =>
  readUnchanged(folder, next, {marts, isAsOfNow});

it("takes figures for those of now as long as they hold, and for those of a named instant only at it", async () => {
  await writeProvenance(folder, trace("2026-11-23T12:00:00Z"), [{file: "a", message: "odd."}]);
  const noon = new Date("2026-11-23T12:00:00Z");
  expect(await unchanged(trace("2026-11-23T12:00:00Z"), true)).toEqual({
    ...{asOf: noon, warnings: [{file: "a", message: "odd."}]},
  });
  expect((await unchanged(trace("2026-11-23T23:59:59.999Z"), true))?.asOf).toEqual(noon);
  expect(await unchanged(trace("2026-11-24T00:00:00Z"), true)).toBeNull();
  expect(await unchanged(trace("2026-11-23T11:59:59Z"), true)).toBeNull();
  expect((await unchanged(trace("2026-11-23T12:00:00Z"), false))?.asOf).toEqual(noon);
  expect(await unchanged(trace("2026-11-23T12:00:01Z"), false)).toBeNull();
});

it("takes nothing for unchanged where what it was made from is another, a mart is missing, or the note on them is damaged", async () => {
  const noon = "2026-11-23T12:00:00Z";
  await writeProvenance(folder, trace(noon), []);
  expect(await unchanged(trace(noon), true)).not.toBeNull();
  for (const other of [{sql: "select 2"}, {macros: "a"}, {currency: "EUR"}, {october: "closed anew"}]) {
    expect(await unchanged(trace(noon, [], other), true), JSON.stringify(other)).toBeNull();
  }
  expect(await unchanged(trace(noon, [sync("2026-11-23T02:00:00Z")]), true)).toBeNull();
  expect(await unchanged(trace(noon), true, ["summary", "clients"])).toBeNull();
  await writeFile(join(folder, "provenance.json"), "{}");
  expect(await unchanged(trace(noon), true)).toBeNull();
});

it("notes the checksum of every mart as it was when they were made", async () => {
  expect(await readFingerprints(folder)).toEqual({});
  await writeFile(join(folder, "clients.parquet"), "abc");
  await writeProvenance(folder, trace("2026-11-23T12:00:00Z"), []);
  expect(await readFingerprints(folder)).toEqual({
    "clients.parquet": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "summary.parquet": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  });
});
