import {cp, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import * as duckdb from "@duckdb/node-api";
import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {replaceFolder} from "../../../loaders/files/replaceFolder.js";
import type {InputRow} from "../../../loaders/marts/inputs.js";
import type {MartInputs} from "../../../loaders/marts/marts.js";
import {
  findDamagedMarts,
  readFingerprints,
  readUnchanged,
  traceProvenance,
  writeProvenance,
} from "../../../loaders/marts/provenance.js";

vi.mock("@duckdb/node-api", {spy: true});
// Another run cannot be had to replace the marts between two reads.
vi.mock("node:fs/promises", {spy: true});

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

const ordinary = {
  ...{hours: 24, file: "a.sql", sql: "select 1", macros: "", currency: "USD", october: "0123abcd"},
  lake: [] as MartInputs["lake"],
};

function trace(as_of: string, syncs: readonly InputRow[] = [], given: Partial<typeof ordinary> = {}) {
  const {hours, file, sql, macros, currency, october, lake} = {...ordinary, ...given};
  const settings = [{as_of, as_of_date: as_of.slice(0, 10), stale_after_hours: hours, currency}];
  const closed = [{period: "2026-10", checksum: october}];
  const inputs = {settings, syncs, closed, lake} as unknown as MartInputs;
  return traceProvenance(inputs, {models: [{file, sql}] as never, macros});
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

it("ends the day in UTC, wherever the machine is", () => {
  vi.stubEnv("TZ", "Pacific/Auckland");
  const {holdsUntil} = trace("2026-11-23T12:00:00Z");
  vi.unstubAllEnvs();
  expect(holdsUntil.toISOString()).toBe("2026-11-24T00:00:00.000Z");
});

it("lets a setting say when a sync is too old", () => {
  const {holdsUntil} = trace("2026-11-23T12:00:00Z", [sync("2026-11-23T02:00:00Z")], {hours: 12});
  expect(holdsUntil.toISOString()).toBe("2026-11-23T14:00:00.001Z");
});

const unchanged = (next: ReturnType<typeof trace>, isAsOfNow: boolean, marts = ["summary"]) =>
  readUnchanged(folder, next, {marts, isAsOfNow});

it("takes figures for those of now as long as they hold, and for those of a named instant only at it", async () => {
  const warnings = [
    {file: "a", message: "odd."},
    {file: "a", line: 2, column: "b", value: "c", message: "odd.", remedy: "Mend it."},
  ];
  await writeProvenance(folder, trace("2026-11-23T12:00:00Z"), warnings);
  const noon = new Date("2026-11-23T12:00:00Z");
  expect(await unchanged(trace("2026-11-23T12:00:00Z"), true)).toEqual({
    ...{asOf: noon, warnings},
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
  for (const other of [
    {sql: "select 2"},
    {file: "b.sql"},
    {macros: "a"},
    {currency: "EUR"},
    {october: "closed anew"},
  ]) {
    expect(await unchanged(trace(noon, [], other), true), JSON.stringify(other)).toBeNull();
  }
  expect(await unchanged(trace(noon, [sync("2026-11-23T02:00:00Z")]), true)).toBeNull();
  vi.mocked(duckdb.version).mockReturnValueOnce("another");
  expect(await unchanged(trace(noon), true)).toBeNull();
  expect(await unchanged(trace(noon), true, ["summary", "clients"])).toBeNull();
  await writeFile(join(folder, "provenance.json"), "{}");
  expect(await unchanged(trace(noon), true)).toBeNull();
});

it("takes the same for unchanged wherever the workspace lies now, and whoever asks object storage", async () => {
  const noon = "2026-11-23T12:00:00Z";
  const lakeAt = (folder: string, secret: string): MartInputs["lake"] => {
    const storage = {keys: {id: "a", secret, token: null}, region: null, endpoint: null};
    return [{connectionId: "rmm", files: {seats: [`${folder}/rmm/seats.parquet`]}, storage}];
  };
  await writeProvenance(folder, trace(noon, [], {lake: lakeAt("/a", "b")}), []);
  expect(await unchanged(trace(noon, [], {lake: lakeAt("/c", "d")}), true)).not.toBeNull();
});

it("notes the checksum of every mart as it was when they were made", async () => {
  expect(await readFingerprints(folder)).toEqual({});
  await writeFile(join(folder, "clients.parquet"), "abc");
  await writeFile(join(folder, "notes.txt"), "not a mart");
  await writeProvenance(folder, trace("2026-11-23T12:00:00Z"), []);
  expect(await readFingerprints(folder)).toEqual({
    "clients.parquet": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "summary.parquet": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
  });
});

it("finds marts that are not as they were made, or are gone, and says nothing of marts that nobody noted", async () => {
  expect(await findDamagedMarts(join(folder, "none"))).toEqual([]);
  expect(await findDamagedMarts(folder)).toEqual([]);
  for (const name of ["clients", "seats"]) await writeFile(join(folder, `${name}.parquet`), "abc");
  await writeProvenance(folder, trace("2026-11-23T12:00:00Z"), []);
  expect(await findDamagedMarts(folder)).toEqual([]);
  await writeFile(join(folder, "summary.parquet"), "x");
  await rm(join(folder, "clients.parquet"));
  const message = "it is not as it was made.";
  const remedy = "Run `trueup reconcile --force`.";
  expect(await findDamagedMarts(folder)).toEqual([
    {file: "marts/clients.parquet", message, remedy},
    {file: "marts/summary.parquet", message, remedy},
  ]);
});

it("takes no mart for damaged because another run replaces all of them", async () => {
  await writeProvenance(folder, trace("2026-11-23T12:00:00Z"), []);
  const next = `${folder}-next`;
  await cp(folder, next, {recursive: true});
  await writeFile(join(next, "summary.parquet"), "others");
  await writeProvenance(next, trace("2026-11-23T12:00:00Z"), []);
  const actual = await vi.importActual<typeof import("node:fs/promises")>("node:fs/promises");
  vi.mocked(readFile).mockImplementationOnce(async (path) => {
    const text = await actual.readFile(path, "utf8");
    await replaceFolder(folder, next);
    return text;
  });
  await expect(findDamagedMarts(folder)).rejects.toThrow("was replaced by another run while it was read");
  expect(await findDamagedMarts(folder)).toEqual([]);
});
