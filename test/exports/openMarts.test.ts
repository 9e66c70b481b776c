import {mkdir, mkdtemp, readdir, rename, rm, stat, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {dirname, join, relative} from "node:path";
import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {type Database, openDatabase} from "../../loaders/database.js";
import {type OpenMarts, openMarts, readMarts, requireMart} from "../../loaders/exports/openMarts.js";
import {fingerprintOf} from "../../loaders/files/fingerprint.js";
import {sealManifest} from "../../loaders/snapshots/snapshots.js";

// Another run cannot be had to replace the marts between two reads.
vi.mock("node:fs/promises", {spy: true});

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-open-marts-"));
});
afterEach(() => rm(directory, {recursive: true}));

/** A summary of the currencies as of an instant each. */
async function writeSummary(folder: string, ...instants: string[]): Promise<void> {
  await mkdir(join(directory, folder), {recursive: true});
  const database = await openDatabase();
  const rows = instants.map((instant, place) => `(timestamptz '${instant}', 'C${place}')`);
  await database.run(
    `copy (select * from (values ${rows.join(", ")}) as rows(as_of, currency)) to '${join(directory, folder, "summary.parquet")}' (format parquet)`,
  );
  database.close();
}

async function close(period: string, file: string): Promise<void> {
  const path = join(directory, "snapshots", period, file);
  const {text} = sealManifest({
    ...{format: 1, period, as_of: `${period}-31T23:59:59.999Z`, closed_at: "2026-11-02T08:00:00Z", supersedes: null},
    ...{syncs: [], totals: []},
    files: [{path: file, bytes: (await stat(path)).size, sha256: await fingerprintOf(path)}],
  });
  await writeFile(join(dirname(dirname(path)), "manifest.json"), text);
}

/** What is known of marts that were opened, and of how many currencies they are. */
async function seen(period?: string) {
  return readMarts(directory, period, async ({database, names, period: month, asOfDate, closedFolder}: OpenMarts) => {
    const rows = await database.rows("select currency from summary order by currency");
    return {
      names,
      month,
      asOfDate,
      closedIn: closedFolder && relative(directory, closedFolder),
      currencies: rows.length,
    };
  });
}

it("opens the present marts as views, in the month of their newest day in UTC", async () => {
  await expect(openMarts(directory)).rejects.toThrow("there are no marts. Run `trueup reconcile` first.");
  await writeSummary("marts", "2026-10-30 08:00:00Z", "2026-10-31 23:30:00Z");
  await writeSummary("marts/preview", "2027-01-01 00:00:00Z");
  await writeFile(join(directory, "marts", "provenance.json"), "{}");
  const present = {names: ["summary"], month: "2026-10", asOfDate: "2026-10-31", closedIn: null, currencies: 2};
  expect(await seen()).toEqual(present);
  expect(await seen("2026-10")).toEqual(present);
});

it("reads a closed month from its snapshot alone, and no other than was asked for", async () => {
  await writeSummary("marts", "2026-11-23 12:00:00Z");
  await writeSummary("snapshots/2026-10/marts", "2026-10-31 12:00:00Z", "2026-10-31 12:00:00Z");
  await close("2026-10", "marts/summary.parquet");
  expect(await seen("2026-10")).toEqual({
    ...{
      names: ["summary"],
      month: "2026-10",
      asOfDate: "2026-10-31",
      closedIn: "snapshots/2026-10/marts",
      currencies: 2,
    },
  });
  expect(await seen("2026-11")).toMatchObject({month: "2026-11", closedIn: null, currencies: 1});
  await expect(seen("2026-09")).rejects.toThrow(
    /^--period "2026-09": is not closed, and the present figures are those of 2026-11\. .*--as-of DATE/,
  );
  await expect(seen("2026-9")).rejects.toThrow("expected a month such as 2026-10");
  await writeSummary("marts", "2026-10-31 12:00:00Z");
  expect(await seen()).toMatchObject({month: "2026-10", closedIn: "snapshots/2026-10/marts", currencies: 1});
  await writeFile(join(directory, "snapshots", "2026-10", "marts", "more.parquet"), "");
  await expect(seen("2026-10")).rejects.toThrow(
    /^snapshots\/2026-10\/marts\/more\.parquet was added\.\nRestore the snapshot from a backup, or take it back /,
  );
});

it("says that marts were replaced where one of them is gone before it is opened", async () => {
  const marts = join(directory, "marts");
  await writeSummary("marts", "2026-11-23 12:00:00Z");
  await writeFile(join(marts, "clients.parquet"), "");
  await writeSummary("next", "2026-11-23 12:00:00Z");
  const actual = await vi.importActual<typeof import("node:fs/promises")>("node:fs/promises");
  vi.mocked(readdir).mockImplementationOnce((async () => {
    const names = await actual.readdir(marts);
    await rename(marts, join(directory, "former"));
    await rename(join(directory, "next"), marts);
    return names;
  }) as unknown as typeof readdir);
  await expect(openMarts(directory)).rejects.toThrow("was replaced by another run while it was read. Run it again.");
});

it("closes what it opened, whatever became of reading it", async () => {
  await writeSummary("marts", "2026-11-23 12:00:00Z");
  const opened: Database[] = [];
  await readMarts(directory, undefined, async ({database}) => opened.push(database));
  const failing = readMarts(directory, undefined, async ({database}) => {
    opened.push(database);
    throw new Error("The disk is full.");
  });
  await expect(failing).rejects.toThrow("The disk is full.");
  for (const database of opened) await expect(database.rows("select 1")).rejects.toThrow();
  expect(opened).toHaveLength(2);
});

it("says of which month a mart is missing that earlier versions did not make", () => {
  const marts = {names: ["summary"], period: "2026-10"} as unknown as OpenMarts;
  expect(() => requireMart(marts, "summary")).not.toThrow();
  expect(() => requireMart(marts, "margin")).toThrow(
    "The marts of 2026-10 have no margin: they were made by an earlier version.",
  );
});
