import {afterEach, expect, it} from "vitest";
import {pax8} from "../vendors/pax8.js";
import {changed} from "../vendors/vendor.js";
import {makeWorld} from "../vendors/world.js";
import {openVendor, type VendorRun} from "./syncVendor.js";

let run: VendorRun;
afterEach(() => run.close());

/** The notes of a sync in which the first subscriptions have these statuses. */
async function notesWith(...statuses: readonly (string | {readonly status: string})[]) {
  run = await openVendor(pax8, makeWorld({clients: 3}), {most: 200});
  run.emulator.faults = [
    {
      when: ({path}) => path === "/v1/subscriptions",
      act: (reply) =>
        changed<{content: {status: string}[]}>(reply, ({content}) => {
          for (const [index, given] of statuses.entries()) {
            Object.assign(content[index] ?? {}, typeof given === "string" ? {status: given} : given);
          }
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

it("says nothing of those that Pax8 itself calls cancelled or a trial", async () => {
  expect(await notesWith("Cancelled", "Trial", "WaitingForDetails", "PendingActivation")).toEqual([]);
});

it("says how many were converted from a trial and go on for money, and nothing of trials that are over", async () => {
  const trial = {status: "Converted", billingTerm: "Trial"};
  const over = {status: "Converted", billingTerm: "Monthly", endDate: "2026-01-31T00:00:00.000Z"};
  const running = {status: "Converted", billingTerm: "Monthly", endDate: null};
  expect(await notesWith(trial, over, running)).toEqual([
    "1 subscription counts as nothing purchased: Pax8 gives its status as Converted.",
  ]);
});
