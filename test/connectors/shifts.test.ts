import {afterEach, describe, expect, it} from "vitest";
import {dattoRmm} from "../vendors/datto-rmm.js";
import {duo} from "../vendors/duo.js";
import {haloPsa} from "../vendors/halopsa.js";
import {httpJsonPsa} from "../vendors/http-json-psa.js";
import {huntress} from "../vendors/huntress.js";
import {ninjaOne} from "../vendors/ninjaone.js";
import {pax8} from "../vendors/pax8.js";
import {sentinelOne} from "../vendors/sentinelone.js";
import {changed, type Vendor} from "../vendors/vendor.js";
import {makeWorld, type World} from "../vendors/world.js";
import {asStored, openVendor, readLake, type VendorRun} from "./syncVendor.js";

/** Records that go while their pages are read, so that those behind them move up where pages are counted, or that come twice. */

const world = makeWorld();
let run: VendorRun;
afterEach(() => run.close());

/** The world without the first of what the vendor's pages are of. */
const shorter: Record<string, (world: World) => World> = {
  "datto-rmm": (given) => ({...given, devices: given.devices.slice(1)}),
  duo: (given) => ({...given, people: given.people.slice(1)}),
  halopsa: (given) => ({...given, invoices: given.invoices.slice(1)}),
  "http-json-psa": (given) => ({...given, lines: given.lines.slice(1)}),
};

describe.each([dattoRmm, duo, haloPsa, httpJsonPsa].map((vendor) => [vendor.name, vendor] as const))(
  "%s",
  (_, vendor) => {
    /** Opens the vendor, from which the first record goes as often as this, each time after a first page was answered. */
    async function openShrinking(times: number): Promise<{shown: () => World}> {
      let shown = world;
      let gone = 0;
      run = await openVendor(vendor, world, {most: 5});
      run.emulator.faults = [
        {
          when: (request) => isFirstPage(vendor, request.query),
          act: (reply, request) => {
            if (!vendor.stream.matches(request) || gone === times) return reply;
            gone += 1;
            shown = (shorter[vendor.name] as (given: World) => World)(shown);
            run.show(shown);
            return reply;
          },
        },
      ];
      return {shown: () => shown};
    }

    it("lacks none of those that stay", async () => {
      const {shown} = await openShrinking(1);
      const record = await run.sync();
      expect(record).toMatchObject({status: "succeeded", error: null});
      const rows = await readLake(run.directory);
      const expected = await asStored(vendor.expected(shown()));
      const {table} = vendor.stream;
      expect(rows[table]).toEqual(expect.arrayContaining(expected[table] ?? []));
    });

    it("fails where they go again and again", async () => {
      await openShrinking(Number.POSITIVE_INFINITY);
      const record = await run.sync();
      expect(["failed", "partial"]).toContain(record.status);
      expect(JSON.stringify([record.error, record.failed_parts])).toMatch(/became shorter each time/);
    });
  },
);

it.each([huntress, ninjaOne, sentinelOne].map((vendor) => [vendor.name, vendor] as const))(
  "%s: none lacks where pages begin behind a record, whichever goes",
  async (_, vendor) => {
    run = await openVendor(vendor, world, {most: 5});
    let shown = world;
    run.emulator.faults = [
      {
        when: vendor.stream.matches,
        after: 1,
        times: 3,
        act: (reply) => {
          shown = {...shown, devices: shown.devices.slice(1, -1)};
          run.show(shown);
          return reply;
        },
      },
    ];
    expect(await run.sync()).toMatchObject({status: "succeeded", error: null});
    const {seats} = await readLake(run.directory);
    expect(seats).toEqual(expect.arrayContaining((await asStored(vendor.expected(shown))).seats ?? []));
  },
);

/** So often the second page begins with the last record of the first, and its own first one is on none. */
async function syncRepeating(vendor: Vendor, times: number) {
  run = await openVendor(vendor, world, {most: 5});
  let last: Record<string, unknown> | undefined;
  let repeated = 0;
  run.emulator.faults = [
    {
      when: (request) => vendor.stream.matches(request) && ["DA101", null].includes(request.query.get("account_id")),
      act: (reply, request) =>
        changed(reply, (body) => {
          const rows = vendor.stream.rows(body);
          if (isFirstPage(vendor, request.query)) last = rows.at(-1);
          else if (last !== undefined && repeated < times) {
            rows[0] = last;
            last = undefined;
            repeated += 1;
          }
        }),
    },
  ];
  return run.sync();
}

it.each([dattoRmm, duo, haloPsa, pax8].map((vendor) => [vendor.name, vendor] as const))(
  "%s: none lacks where pages did not agree on the order once",
  async (_, vendor) => {
    expect(await syncRepeating(vendor, 1)).toMatchObject({status: "succeeded", error: null});
    const rows = await readLake(run.directory);
    const {table} = vendor.stream;
    expect(rows[table]).toEqual((await asStored(vendor.expected(world)))[table]);
  },
);

it("reads others where pages never agree on the order of equal records, of which some are on none", async () => {
  const many = makeWorld({clients: 60, devicesPerClient: 0});
  run = await openVendor(pax8, many);
  run.emulator.service = pax8.emulate(many, {isUnsteady: true});
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null});
  expect((await readLake(run.directory)).counts).toEqual((await asStored(pax8.expected(many))).counts);
});

it("fails where a record is on no page each time", async () => {
  const {status, error} = await syncRepeating(pax8, Number.POSITIVE_INFINITY);
  expect([status, error]).toEqual([
    "failed",
    "/subscriptions gave records twice each time it was read, 65 different ones of 66: some of it may not have come.",
  ]);
});

function isFirstPage({name}: Vendor, query: URLSearchParams): boolean {
  if (name === "duo") return query.get("offset") === "0" && query.get("account_id") === "DA101";
  if (name === "datto-rmm" || name === "pax8") return query.get("page") === "0";
  return (query.get("page_no") ?? query.get("page")) === "1";
}
