import {readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {afterEach, describe, expect, it} from "vitest";
import {parse, stringify} from "yaml";
import {syncFolder} from "../../loaders/lake/lake.js";
import {changeSilently, changeWorld} from "../vendors/changeWorld.js";
import {vendors} from "../vendors/index.js";
import {microsoft365} from "../vendors/microsoft-365.js";
import {sentinelOne} from "../vendors/sentinelone.js";
import {changed} from "../vendors/vendor.js";
import {makeWorld} from "../vendors/world.js";
import {asStored, openVendor, readLake, type VendorRun} from "./syncVendor.js";

/** A provider that changes between two syncs: reading the changes comes to the same as reading everything. */

const world = makeWorld();
const later = changeWorld(world);
const changes = {full: false};
let run: VendorRun;
afterEach(() => run.close());

it.each(vendors.map((vendor) => [vendor.name, vendor] as const))("%s: the same by changes", async (_, vendor) => {
  run = await openVendor(vendor, world, {isLimited: false});
  await run.sync(changes);
  run.show(later);
  expect(await run.sync(changes)).toMatchObject({status: "succeeded", error: null, notes: []});
  expect(await readLake(run.directory)).toEqual(await asStored(vendor.expected(later)));
  const latest = changeWorld(later, 48);
  run.show(latest);
  expect(await run.sync(changes)).toMatchObject({status: "succeeded", error: null, notes: []});
  expect(await readLake(run.directory)).toEqual(await asStored(vendor.expected(latest)));
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null, notes: []});
  expect(await readLake(run.directory)).toEqual(await asStored(vendor.expected(latest)));
});

const telling = vendors.filter((vendor) => vendor.changes !== undefined);

describe.each(telling.map((vendor) => [vendor.name, vendor] as const))("%s, which tells what changed", (_, vendor) => {
  /** How many records of those that it tells changes of the vendor sends in a sync. */
  const recordsRead = async (sync: () => Promise<unknown>) => {
    const start = run.emulator.exchanges.length;
    await sync();
    return run.emulator.exchanges
      .slice(start)
      .filter(({request, status}) => status === 200 && vendor.changes?.(request))
      .reduce((sum, {body}) => sum + vendor.stream.rows(body).length, 0);
  };
  /** Lets so many hours pass, in which nothing changes. */
  const pass = (hours: number) => run.show({...world, now: new Date(world.now.getTime() + hours * 3_600_000)});

  it("is asked for nothing but the changes", async () => {
    run = await openVendor(vendor, world);
    const all = await recordsRead(() => run.sync(changes));
    const none = await recordsRead(() => run.sync(changes));
    // What was active or changed in the hour of overlap is read again.
    expect(none).toBeLessThan(all / 5);
    run.show(later);
    expect(await recordsRead(() => run.sync(changes))).toBeGreaterThan(none);
  });

  it("has what came, changed and moved put among what stayed", async () => {
    const next = changeWorld(world, 24, {isPurged: false});
    run = await openVendor(vendor, world);
    const first = await run.sync(changes);
    run.show(next);
    const second = await run.sync(changes);
    expect(second).toMatchObject({status: "succeeded", notes: [], full_at: first.full_at});
    expect(await readLake(run.directory)).toEqual(await asStored(vendor.expected(next)));
    expect(await run.sync()).toMatchObject({status: "succeeded", notes: []});
    expect(await readLake(run.directory)).toEqual(await asStored(vendor.expected(next)));
  });

  it("is read whole after full_sync_days, with other settings, and when it is asked for", async () => {
    run = await openVendor(vendor, world);
    const all = await recordsRead(() => run.sync(changes));
    pass(24 * 6);
    expect(await recordsRead(() => run.sync(changes))).toBeLessThan(all);
    pass(24 * 7);
    expect(await recordsRead(() => run.sync(changes))).toBe(all);
    pass(24 * 8);
    expect(await recordsRead(() => run.sync(changes))).toBeLessThan(all);
    expect(await recordsRead(() => run.sync())).toBe(all);
    const file = join(run.directory, "workspace.yaml");
    const written = parse(await readFile(file, "utf8"));
    for (const connection of written.connections) if (connection.id === "vendor") connection.concurrency = 2;
    await writeFile(file, stringify(written));
    expect(await recordsRead(() => run.sync(changes))).toBe(all);
  });

  it("is caught when it does not tell: a full sync puts it right and says so", async () => {
    run = await openVendor(vendor, world);
    await run.sync(changes);
    const silent = changeSilently(world);
    const table = vendor.name === "autotask" ? "clients" : "seats";
    const before = await readLake(run.directory);
    if (vendor.name !== "microsoft-365") {
      run.show(silent);
      expect(await run.sync(changes)).toMatchObject({notes: []});
      expect((await readLake(run.directory))[table]).toEqual(before[table]);
    } else {
      // Graph's own answer to what changed leaves the user out.
      run.show(silent);
      run.emulator.faults = [
        {
          when: ({path, query}) => path === "/v1.0/users/delta" && query.get("$deltatoken") !== "latest",
          act: (reply) => ({...reply, body: {...(reply.body as object), value: []}}),
        },
      ];
    }
    const record = await run.sync();
    expect(record.notes).toEqual([
      expect.stringMatching(new RegExp(`^1 row of ${table} had changed without the vendor saying so\\.`)),
    ]);
    expect(await readLake(run.directory)).toEqual(await asStored(vendor.expected(silent)));
  });

  it("keeps its state with the data: a failed sync does not move it", async () => {
    run = await openVendor(vendor, world);
    const first = await run.sync(changes);
    run.show(later);
    run.emulator.faults = [
      {when: vendor.stream.matches, act: () => ({status: 403, body: {message: "Not permitted"}})},
      {when: vendor.changes, act: () => ({status: 403, body: {message: "Not permitted"}})},
    ];
    const failed = await run.sync(changes);
    expect(failed.status).not.toBe("succeeded");
    run.emulator.faults = [];
    expect(failed.state).toBeNull();
    const written = JSON.parse(await readFile(join(syncFolder(run, first), "sync.json"), "utf8"));
    expect(written.state).toEqual(first.state);
    expect(await run.sync(changes)).toMatchObject({status: "succeeded", notes: []});
    expect(await readLake(run.directory)).toEqual(await asStored(vendor.expected(later)));
  });

  it("is read whole where its changes do not fit", async () => {
    run = await openVendor(vendor, world);
    const all = await recordsRead(() => run.sync(changes));
    run.show(later);
    let spoiled = 0;
    run.emulator.faults = [
      {
        when: vendor.changes,
        times: 1,
        act: (reply) => {
          const body = structuredClone(reply.body);
          const [record] = vendor.stream.rows(body);
          if (record !== undefined) {
            spoiled += 1;
            for (const name of Object.keys(record)) if (name !== "id") record[name] = {};
          }
          return {...reply, body};
        },
      },
    ];
    const read = await recordsRead(() => run.sync(changes));
    expect(spoiled).toBe(1);
    if (vendor.name === "microsoft-365") {
      // One tenant's users are told apart: they are read whole the next time.
      expect(await recordsRead(() => run.sync(changes))).toBeGreaterThan(all / 2);
    } else expect(read).toBeGreaterThan(all);
    expect(await readLake(run.directory)).toEqual(await asStored(vendor.expected(later)));
  });
});

it("reads all users of a Microsoft tenant that has forgotten what it told before", async () => {
  run = await openVendor(microsoft365, world);
  await run.sync(changes);
  run.show(later);
  run.emulator.faults = [
    {
      when: ({path, query}) => path === "/v1.0/users/delta" && query.get("$deltatoken") !== "latest",
      act: () => ({status: 410, body: {error: {code: "syncStateNotFound", message: "The sync state is not found."}}}),
    },
  ];
  expect(await run.sync(changes)).toMatchObject({status: "succeeded", notes: []});
  expect(await readLake(run.directory)).toEqual(await asStored(microsoft365.expected(later)));
  run.emulator.faults = [];
  expect(await run.sync(changes)).toMatchObject({status: "succeeded", notes: []});
  expect(await readLake(run.directory)).toEqual(await asStored(microsoft365.expected(later)));
});

it("keeps the product of SentinelOne agents whose site is not listed, though none of them changed", async () => {
  run = await openVendor(sentinelOne, world);
  run.emulator.faults = [
    {
      when: ({path}) => path.endsWith("/sites"),
      act: (reply) =>
        changed<{data: {sites: {id: string}[]}; pagination: {totalItems: number}}>(reply, ({data, pagination}) => {
          data.sites = data.sites.filter(({id}) => id !== "101");
          pagination.totalItems -= 1;
        }),
    },
  ];
  await run.sync(changes);
  const before = await readLake(run.directory);
  expect(before.products?.map(({product_id}) => product_id)).toContain("Unknown");
  expect(await run.sync(changes)).toMatchObject({status: "succeeded", notes: []});
  expect((await readLake(run.directory)).products).toEqual(before.products);
});

it("gives every agent of a SentinelOne site its new SKU, though no agent changed", async () => {
  run = await openVendor(sentinelOne, world);
  await run.sync(changes);
  run.emulator.faults = [
    {
      when: ({path}) => path.endsWith("/sites"),
      act: (reply) =>
        changed<{data: {sites: {id: string; sku: string}[]}}>(reply, ({data}) => {
          for (const site of data.sites) if (site.id === "101") site.sku = "Core";
        }),
    },
  ];
  expect(await run.sync(changes)).toMatchObject({status: "succeeded", notes: []});
  const {seats = []} = await readLake(run.directory);
  const products = seats.filter(({account_id}) => account_id === "101").map(({product_id}) => product_id);
  expect(products.length).toBeGreaterThan(5);
  expect(new Set(products)).toEqual(new Set(["Core"]));
});
