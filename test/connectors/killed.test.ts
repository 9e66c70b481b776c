import {fork} from "node:child_process";
import {readdir} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterAll, beforeAll, expect, it} from "vitest";
import {listSyncs, type SyncRecord} from "../../loaders/lake/lake.js";
import {changeWorld} from "../vendors/changeWorld.js";
import {vendors} from "../vendors/index.js";
import type {Vendor} from "../vendors/vendor.js";
import {makeWorld, type World} from "../vendors/world.js";
import {noteOutcome} from "./outcomes.js";
import {asStored, findSecrets, openVendor, readLake, type VendorRun} from "./syncVendor.js";

/**
 * Every connector, killed at six moments of its sync, while the vendors' data changes from one attempt to the next. A moment
 * is a while after one of the requests: after so many milliseconds, a machine that has become quicker would be through.
 */

const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000);
const kills = 6;
const latency = 20;
const script = fileURLToPath(new URL("syncChild.ts", import.meta.url));
const runs = new Map<Vendor, VendorRun>();

beforeAll(async () => {
  for (const vendor of vendors) {
    runs.set(vendor, await openVendor(vendor, makeWorld(), {latency, isLimited: false, isRecorded: false}));
  }
});
afterAll(async () => {
  for (const run of runs.values()) await run.close();
});

interface Ended {
  readonly signal: NodeJS.Signals | null;
  readonly code: number | null;
  /** How many requests reached the vendors. */
  readonly requests: number;
}

/** Syncs every vendor in a process of its own; kills it a while after one of its requests. */
async function syncInChild(now: Date, kill?: {request: number; milliseconds: number}): Promise<Ended> {
  const child = fork(script, [now.toISOString(), ...[...runs.values()].map(({directory}) => directory)], {
    execArgv: ["--import", "tsx"],
    env: Object.assign({}, process.env, ...vendors.map(({env}) => env)),
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  let requests = 0;
  const when = (): boolean => {
    requests += 1;
    if (requests === kill?.request) setTimeout(() => child.kill("SIGKILL"), kill.milliseconds);
    return false;
  };
  for (const {emulator} of runs.values()) emulator.faults = [{when, act: "reset"}];
  return new Promise((done) => {
    child.once("exit", (code, signal) => done({code, signal, requests}));
  });
}

/** Numbers from 0 to 1 that the seed alone decides. */
function createRandom(state: number): () => number {
  let last = state;
  return () => {
    last = (Math.imul(last, 1_664_525) + 1_013_904_223) >>> 0;
    return last / 4_294_967_296;
  };
}

it(`keeps one whole sync of every connector as its current data, whenever it is killed (KILL_SEED=${seed})`, async () => {
  const random = createRandom(seed);
  let world: World = makeWorld();
  const whole = await syncInChild(world.now);
  expect(whole).toMatchObject({code: 0});
  const known = new Map<Vendor, object>();
  for (const vendor of vendors) known.set(vendor, await asStored(vendor.expected(world)));

  let killed = 0;
  let unfinished = 0;
  for (let attempt = 0; attempt < kills; attempt++) {
    world = changeWorld(world, 1);
    for (const run of runs.values()) run.show(world);
    const kill = {request: Math.ceil(random() * 0.9 * whole.requests), milliseconds: random() * 2 * latency};
    const {signal} = await syncInChild(world.now, kill);

    if (signal === "SIGKILL") killed += 1;
    for (const [vendor, run] of runs) {
      const current = await readLake(run.directory);
      const before = known.get(vendor);
      const next = await asStored(vendor.expected(world));
      expect([before, next], `${vendor.name}, kill ${attempt + 1}`).toContainEqual(current);
      known.set(vendor, current);
      const left = await readdir(join(run.directory, "lake", "vendor"));
      if (left.some((name) => name.startsWith("."))) unfinished += 1;
      expect(await findSecrets(run.directory, vendor)).toEqual([]);
    }
  }
  expect(killed).toBeGreaterThanOrEqual(kills / 2);
  // Enough of the kills came while a connector was at work.
  expect(unfinished).toBeGreaterThan((killed * vendors.length) / 4);

  expect(await syncInChild(world.now)).toMatchObject({code: 0});
  for (const [vendor, run] of runs) {
    expect(await readLake(run.directory), vendor.name).toEqual(await asStored(vendor.expected(world)));
    const left = await readdir(join(run.directory, "lake", "vendor"));
    expect(left.filter((name) => name.startsWith("."))).toEqual([]);
    const [record] = (await listSyncs(run, "vendor")).slice(-1) as [SyncRecord];
    noteOutcome("kill -9 at six random moments", vendor.name, record, "one whole sync after each; the next complete");
  }
}, 600_000);
