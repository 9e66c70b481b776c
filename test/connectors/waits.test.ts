import {isDeepStrictEqual} from "node:util";
import {afterAll, describe, expect, it} from "vitest";
import type {Exchange, Fault, VendorRequest} from "../vendors/emulator.js";
import {vendors} from "../vendors/index.js";
import {makeWorld} from "../vendors/world.js";
import {noteOutcome} from "./outcomes.js";
import {asStored, openVendor, readLake, type VendorRun} from "./syncVendor.js";

/** What every connector must do where its vendor makes it wait. The vendors are tried side by side: each mostly waits. */

const world = makeWorld();
const runs: VendorRun[] = [];
afterAll(async () => {
  for (const run of runs) await run.close();
});

const slowDown = {status: 429, body: {message: "Slow down"}};
const faults: Record<string, Omit<Fault, "when">> = {
  "bytes that trickle in": {act: "trickle"},
  "429 with Retry-After": {act: () => ({...slowDown, headers: {"retry-after": "1"}}), times: 1, after: 1},
  "429 with a date": {
    // By the vendor's clock.
    act: () => ({...slowDown, headers: {"retry-after": new Date(world.now.getTime() + 1000).toUTCString()}}),
    times: 1,
  },
};

/** Whether it is asked for the same by the same customer's token; a signature is another one each time. */
function isSame({request: a}: Exchange, {request: b}: Exchange): boolean {
  const token = ({headers}: VendorRequest) => /^Bearer .*/.exec(headers.authorization ?? "")?.[0];
  return (
    a.path === b.path && `${a.query}` === `${b.query}` && isDeepStrictEqual(a.json, b.json) && token(a) === token(b)
  );
}

describe.concurrent.each(vendors.map((vendor) => [vendor.name, vendor] as const))("%s", (_, vendor) => {
  it.each(Object.entries(faults))("overcomes %s", async (name, fault) => {
    const run = await openVendor(vendor, world);
    runs.push(run);
    run.emulator.faults = [{...fault, when: (request) => vendor.stream.matches(request)}];
    const record = await run.sync();
    expect(record.error).toBeNull();
    expect(record).toMatchObject({status: "succeeded", rows_quarantined: 0});
    expect(await readLake(run.directory)).toEqual(await asStored(vendor.expected(world)));
    if (name === "429 with Retry-After") {
      const {exchanges} = run.emulator;
      const refused = exchanges.findIndex(({status}) => status === 429);
      const [first, again] = exchanges.slice(refused).filter((each, _, [wanted]) => isSame(each, wanted as Exchange));
      expect((again as Exchange).at - (first as Exchange).at).toBeGreaterThanOrEqual(950);
    }
    noteOutcome(name, vendor.name, record);
  });
});
