import {fork} from "node:child_process";
import {readdir} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {afterEach, expect, it} from "vitest";
import {changeWorld} from "../vendors/changeWorld.js";
import {vendors} from "../vendors/index.js";
import {makeWorld, type World} from "../vendors/world.js";
import {asStored, findSecrets, openVendor, readLake, type VendorRun} from "./syncVendor.js";

/** Every connector, killed at ten moments of its sync while the vendor's data changes from one attempt to the next. */

const seed = Number(process.env.KILL_SEED ?? Date.now() % 1_000_000);
const kills = 10;
const script = fileURLToPath(new URL("syncChild.ts", import.meta.url));
let run: VendorRun;
afterEach(() => run.close());

/** Runs a sync in a process of its own; kills it so many milliseconds after it began. */
async function syncInChild(
  env: Readonly<Record<string, string>>,
  now: Date,
  killAfter?: number,
): Promise<{signal: NodeJS.Signals | null; code: number | null; milliseconds: number}> {
  const child = fork(script, [run.directory, now.toISOString()], {
    execArgv: ["--import", "tsx"],
    env: {...process.env, ...env},
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  let began = 0;
  child.once("message", () => {
    began = performance.now();
    if (killAfter !== undefined) setTimeout(() => child.kill("SIGKILL"), killAfter);
  });
  return new Promise((done) => {
    child.once("exit", (code, signal) => done({code, signal, milliseconds: performance.now() - began}));
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

it.each(vendors.map((vendor, index) => [vendor.name, vendor, index] as const))(
  `%s: the current data is one whole sync after every kill (KILL_SEED=${seed})`,
  async (_, vendor, index) => {
    const random = createRandom(seed + index);
    let world: World = makeWorld();
    run = await openVendor(vendor, world, {latency: 10, isLimited: false, isRecorded: false});
    const whole = await syncInChild(vendor.env, world.now);
    expect(whole).toMatchObject({code: 0});
    let known = await asStored(vendor.expected(world));
    expect(await readLake(run.directory)).toEqual(known);

    let killed = 0;
    for (let attempt = 0; attempt < kills; attempt++) {
      world = changeWorld(world, 1);
      run.show(world);
      const {signal} = await syncInChild(vendor.env, world.now, random() * whole.milliseconds);
      if (signal === "SIGKILL") killed += 1;
      const current = await readLake(run.directory);
      const next = await asStored(vendor.expected(world));
      expect([known, next]).toContainEqual(current);
      known = current;
      expect(await findSecrets(run.directory, vendor)).toEqual([]);
    }
    expect(killed).toBeGreaterThanOrEqual(kills / 2);

    expect(await syncInChild(vendor.env, world.now)).toMatchObject({code: 0});
    expect(await readLake(run.directory)).toEqual(await asStored(vendor.expected(world)));
    const left = await readdir(join(run.directory, "lake", "vendor"));
    expect(left.filter((name) => name.startsWith("."))).toEqual([]);
  },
  120_000,
);
