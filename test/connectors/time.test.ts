import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterEach, describe, expect, it, vi} from "vitest";
import {changeWorld} from "../vendors/changeWorld.js";
import {duo} from "../vendors/duo.js";
import {vendors} from "../vendors/index.js";
import {sentinelOne} from "../vendors/sentinelone.js";
import {makeWorld} from "../vendors/world.js";
import {noteOutcome} from "./outcomes.js";
import {asStored, openVendor, readLake, type VendorRun} from "./syncVendor.js";

/** What time does to a sync. */

let run: VendorRun;
afterEach(async () => {
  vi.useRealTimers();
  await run.close();
});

it("gives a connection up after sync_timeout_minutes, and keeps its last good data", async () => {
  run = await openVendor(sentinelOne, makeWorld());
  await run.sync();
  const before = await readLake(run.directory);
  const file = join(run.directory, "workspace.yaml");
  await writeFile(file, `${await readFile(file, "utf8")}sync_timeout_minutes: 1\n`);
  vi.useFakeTimers({toFake: ["setTimeout"]});
  run.emulator.faults = [
    {
      times: 1,
      act: (reply) => {
        vi.advanceTimersByTime(61_000);
        return reply;
      },
    },
  ];
  const record = await run.sync();
  expect(record).toMatchObject({status: "failed"});
  expect(record.error).toBe(
    "It was not done after 1 min. Let it take longer with sync_timeout_minutes in workspace.yaml.",
  );
  expect(await readLake(run.directory)).toEqual(before);
});

describe("a clock that is wrong", () => {
  it.each([-600_000, 600_000])("by %i ms is named where Duo refuses a request for it", async (error) => {
    run = await openVendor(duo, makeWorld());
    await run.sync();
    const before = await readLake(run.directory);
    vi.useFakeTimers({toFake: ["Date"], now: Date.now() + error});
    const record = await run.sync();
    expect(record.status).toBe("failed");
    expect(record.error).toMatch(/401: Bad request timestamp\. .*or this machine's clock is/);
    expect(await readLake(run.directory)).toEqual(before);
    noteOutcome("clock wrong by ten minutes", "duo", record);
  });

  it("by less than Duo allows does no harm", async () => {
    run = await openVendor(duo, makeWorld());
    vi.useFakeTimers({toFake: ["Date"], now: Date.now() - 240_000});
    expect(await run.sync()).toMatchObject({status: "succeeded", error: null});
  });

  it.each(vendors.filter(({changes}) => changes !== undefined).map((vendor) => [vendor.name, vendor] as const))(
    "hides no change from %s, whose own clock counts",
    async (_, vendor) => {
      const world = makeWorld();
      const later = changeWorld(world, 3);
      run = await openVendor(vendor, world);
      const ahead = (now: Date) => () => new Date(now.getTime() + 5 * 3_600_000);
      await run.sync({full: false, now: ahead(world.now)});
      run.show(later);
      const record = await run.sync({full: false, now: ahead(later.now)});
      const {counts: _counts, ...rows} = await readLake(run.directory);
      const {counts: _expected, ...expected} = await asStored(vendor.expected(later));
      expect(rows).toEqual(expected);
      noteOutcome("clock five hours ahead", vendor.name, record);
    },
  );
});
