import {afterEach, expect, it} from "vitest";
import {haloPsa} from "../vendors/halopsa.js";
import {httpJsonPsa} from "../vendors/http-json-psa.js";
import {pax8} from "../vendors/pax8.js";
import {changed, type Vendor} from "../vendors/vendor.js";
import {makeWorld} from "../vendors/world.js";
import {asStored, openVendor, readLake, type VendorRun} from "./syncVendor.js";

/** Vendors that number their pages, and do not say how many there are. */

const world = makeWorld();
let run: VendorRun;
afterEach(() => run.close());

async function openWith(vendor: Vendor, change: (body: Record<string, Record<string, unknown> & number>) => void) {
  run = await openVendor(vendor, world);
  run.emulator.faults = [{when: (request) => vendor.stream.matches(request), act: (reply) => changed(reply, change)}];
  return run.sync();
}

const nothings = [
  ["missing", undefined],
  ["null", null],
  ["no number", "some"],
] as const;

it.each(nothings)("Pax8 fails at once, with the field's name, where the number of pages is %s", async (_, value) => {
  const record = await openWith(pax8, ({page}) => Object.assign(page ?? {}, {totalPages: value}));
  expect(record).toMatchObject({status: "failed", error: expect.stringMatching(/subscriptions.*page\.totalPages/)});
  expect(run.emulator.exchanges.filter(({request}) => pax8.stream.matches(request))).toHaveLength(1);
});

it.each(nothings)("http-json fails at once, with the path of the settings, where it is %s", async (_, value) => {
  const record = await openWith(httpJsonPsa, ({page}) => Object.assign(page ?? {}, {pages: value}));
  expect(record).toMatchObject({status: "failed", error: expect.stringContaining("page.pages")});
  expect(run.emulator.exchanges.filter(({request}) => httpJsonPsa.stream.matches(request))).toHaveLength(1);
});

it.each(nothings)("HaloPSA is read up to the page without rows where the number of rows is %s", async (_, value) => {
  const record = await openWith(haloPsa, (body) => Object.assign(body, {record_count: value}));
  expect(record).toMatchObject({status: "succeeded", error: null});
  expect(await readLake(run.directory)).toEqual(await asStored(haloPsa.expected(world)));
});
