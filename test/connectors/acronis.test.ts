import {afterEach, expect, it} from "vitest";
import {acronis} from "../vendors/acronis.js";
import type {Fault} from "../vendors/emulator.js";
import {changed} from "../vendors/vendor.js";
import {makeWorld} from "../vendors/world.js";
import {asStored, openVendor, readLake, type VendorRun} from "./syncVendor.js";

/** Acronis as its own reference describes it: https://developer.acronis.com/doc/account-management/v2 */

interface Body {
  items: Record<string, unknown>[];
}

const world = makeWorld({clients: 3});
let run: VendorRun;
afterEach(() => run.close());

async function syncWith(path: RegExp, change: (body: Body) => void) {
  const fault: Fault = {when: (request) => path.test(request.path), act: (reply) => changed(reply, change)};
  run = await openVendor(acronis, world);
  run.emulator.faults = [fault];
  return run.sync();
}

it("takes a usage's name from `name` where `offering_item` holds the quota", async () => {
  const record = await syncWith(/\/usages$/, ({items}) => {
    for (const item of items.filter(({offering_item}) => offering_item !== undefined)) {
      Object.assign(item, {
        type: item.infra_id === undefined ? "count" : "infra",
        name: item.offering_item,
        usage_name: "base",
        offering_item: {status: 1, quota: {value: null, overage: null, version: 0}},
      });
    }
  });
  expect(record).toMatchObject({status: "succeeded", error: null, rows_quarantined: 0});
  expect(await readLake(run.directory)).toEqual(await asStored(acronis.expected(world)));
});

it("counts nothing of an offering item that is switched off", async () => {
  const otherEdition = {
    type: "infra",
    name: "pg_base_storage",
    usage_name: "storage",
    edition: "per_gigabyte",
    infra_id: "5c1d2e3f-0000-4000-8000-000000000001",
    value: 64 * 2 ** 30,
    measurement_unit: "bytes",
    offering_item: {status: 0, quota: {value: null, overage: null, version: 0}},
  };
  const record = await syncWith(/\/usages$/, ({items}) => items.push(otherEdition));
  expect(record).toMatchObject({status: "succeeded", error: null, rows_quarantined: 0});
  expect(await readLake(run.directory)).toEqual(await asStored(acronis.expected(world)));
});

it("counts no feature", async () => {
  const feature = {type: "feature", name: "local_backup", edition: "per_workload", value: 1, measurement_unit: "n/a"};
  await syncWith(/\/usages$/, ({items}) => items.push(feature));
  expect(await readLake(run.directory)).toEqual(await asStored(acronis.expected(world)));
});

it("takes a tenant in the pricing mode of a trial for a trial", async () => {
  await syncWith(/\/tenants$/, ({items}) => {
    for (const item of items) if (item.customer_type === "trial") item.customer_type = "default";
    for (const item of items) if (item.name === world.clients[2]?.name) item.pricing_mode = "trial";
  });
  expect(await readLake(run.directory)).toEqual(await asStored(acronis.expected(world)));
});

it("asks for the next page with its cursor alone, which holds what was asked for", async () => {
  run = await openVendor(acronis, world, {most: 2});
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null});
  const queries = run.emulator.exchanges
    .filter(({request}) => request.path === "/api/2/tenants")
    .map(({request}) => [...request.query.keys()].join());
  expect(new Set(queries.slice(1))).toEqual(new Set(["after"]));
  expect(await readLake(run.directory)).toEqual(await asStored(acronis.expected(world)));
});
