import {afterEach, expect, it} from "vitest";
import {pax8} from "../vendors/pax8.js";
import {changed} from "../vendors/vendor.js";
import {makeWorld} from "../vendors/world.js";
import {openVendor, type VendorRun} from "./syncVendor.js";

let run: VendorRun;
afterEach(() => run.close());

/** The notes of a sync in which the first subscriptions have these statuses. */
async function notesWith(...statuses: readonly string[]) {
  run = await openVendor(pax8, makeWorld({clients: 3}), {most: 200});
  run.emulator.faults = [
    {
      when: ({path}) => path === "/v1/subscriptions",
      act: (reply) =>
        changed<{content: {status: string}[]}>(reply, ({content}) => {
          for (const [index, status] of statuses.entries()) Object.assign(content[index] ?? {}, {status});
        }),
    },
  ];
  const {status, notes} = await run.sync();
  expect(status).toBe("succeeded");
  return notes;
}

it("says how many subscriptions of Pax8 are being provisioned or have a status that it does not document", async () => {
  expect(await notesWith("PendingManual", "PendingAutomated", "PendingAutomated", "Paused")).toEqual([
    "1 subscription counts as nothing purchased: Pax8 gives its status as Paused.",
    "2 subscriptions count as nothing purchased: Pax8 gives their status as PendingAutomated.",
    "1 subscription counts as nothing purchased: Pax8 gives its status as PendingManual.",
  ]);
});

it("says nothing of those that Pax8 itself calls cancelled, converted or a trial", async () => {
  expect(await notesWith("Cancelled", "Converted", "Trial", "WaitingForDetails", "PendingActivation")).toEqual([]);
});
