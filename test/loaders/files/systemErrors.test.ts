import {mkdir, mkdtemp, rm, truncate, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {openDatabase} from "../../../loaders/database.js";
import {describeSystemError} from "../../../loaders/files/systemErrors.js";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-errors-"));
});
afterEach(() => rm(folder, {recursive: true, force: true}));

/** What is said of a Parquet file at a place once something happened to it. */
async function toldOf(place: string, damage: (file: string) => Promise<void>): Promise<string> {
  const file = join(folder, place);
  await mkdir(dirname(file), {recursive: true});
  const database = await openDatabase();
  try {
    await database.run(`copy (select range as id from range(1000)) to '${file}' (format parquet, compression zstd)`);
    await damage(file);
    const reading = database.rows(`select sum(id) as ids from read_parquet('${file}')`);
    return describeSystemError(await reading.catch((error: unknown) => error)).replace(folder, "acme");
  } finally {
    database.close();
  }
}

it.each([
  ["was removed", (file: string) => rm(file)],
  ["is empty", (file: string) => writeFile(file, "")],
  ["was cut short", (file: string) => truncate(file, 100)],
])("says what to do about a file of the lake that %s", async (_, damage) => {
  expect(await toldOf("lake/m365/20261123T020000000Z/seats.parquet", damage)).toBe(
    "acme/lake/m365/20261123T020000000Z/seats.parquet is missing or damaged. Restore it from a backup, or move its folder out of the lake and run `trueup sync`.",
  );
});

it("says what to do about damaged marts, and those of closed months", async () => {
  const cutShort = (file: string) => truncate(file, 100);
  expect(await toldOf("marts/summary.parquet", cutShort)).toBe(
    "acme/marts/summary.parquet is missing or damaged. Run `trueup reconcile --force`.",
  );
  expect(await toldOf("snapshots/2026-10/marts/summary.parquet", cutShort)).toBe(
    "acme/snapshots/2026-10/marts/summary.parquet is missing or damaged. Restore the snapshot from a backup.",
  );
});

it("says that another run was quicker where two put something in one place", () => {
  const message = "ENOTEMPTY: directory not empty, rename 'a' -> 'b'";
  expect(describeSystemError(Object.assign(new Error(message), {code: "ENOTEMPTY"}))).toBe(
    "another run was quicker. Run it again.",
  );
});

it("says that the disk is full where the database says what failed by that", () => {
  const message =
    'IO Error: Detached database \'preview\', but CHECKPOINT during DETACH failed. \nCheckpoint failed for database "preview". The database has been invalidated. Original error: Could not write file "acme/preview.duckdb": No space left on device';
  expect(describeSystemError(new Error(message))).toBe("acme/preview.duckdb: the disk is full.");
});

it("says what to do where the memory is not enough, without the database's own advice", async () => {
  const database = await openDatabase({memoryLimit: "1MB"});
  try {
    const sorting = database.rows("select range as id from range(1000000) order by hash(range)");
    const told = describeSystemError(await sorting.catch((error: unknown) => error));
    expect(told).toMatch(
      /^the memory is not enough: .+ used\)\. Allow more with --memory-limit, or end what else runs on this machine\.$/,
    );
  } finally {
    database.close();
  }
});
