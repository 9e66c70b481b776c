import {afterEach, describe, expect, it} from "vitest";
import {dattoRmm} from "../vendors/datto-rmm.js";
import {duo} from "../vendors/duo.js";
import {haloPsa} from "../vendors/halopsa.js";
import {httpJsonPsa} from "../vendors/http-json-psa.js";
import type {Vendor} from "../vendors/vendor.js";
import {makeWorld, type World} from "../vendors/world.js";
import {asStored, openVendor, readLake, type VendorRun} from "./syncVendor.js";

/** Records that go while they are read: where pages are counted, those behind them move up. */

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

function isFirstPage({name}: Vendor, query: URLSearchParams): boolean {
  if (name === "duo") return query.get("offset") === "0" && query.get("account_id") === "DA101";
  if (name === "datto-rmm") return query.get("page") === "0";
  return (query.get("page_no") ?? query.get("page")) === "1";
}
