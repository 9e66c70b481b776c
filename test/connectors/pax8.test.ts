import {afterEach, describe, expect, it} from "vitest";
import {pax8, productOf} from "../vendors/pax8.js";
import {changed} from "../vendors/vendor.js";
import {makeWorld} from "../vendors/world.js";
import {openVendor, readLake, type VendorRun} from "./syncVendor.js";

let run: VendorRun;
afterEach(() => run.close());

/** Syncs with other fields in the first subscriptions. */
async function syncWith(...fields: readonly Record<string, unknown>[]) {
  run = await openVendor(pax8, makeWorld({clients: 3}), {most: 200});
  run.emulator.faults = [
    {
      when: ({path}) => path === "/v1/subscriptions",
      act: (reply) =>
        changed<{content: Record<string, unknown>[]}>(reply, ({content}) => {
          for (const [index, given] of fields.entries()) Object.assign(content[index] ?? {}, given);
        }),
    },
  ];
  const {status, notes} = await run.sync();
  expect(status).toBe("succeeded");
  return notes;
}

/** The notes of a sync in which the first subscriptions have these statuses. */
const notesWith = (...statuses: readonly (string | {readonly status: string})[]) =>
  syncWith(...statuses.map((given) => (typeof given === "string" ? {status: given} : given)));

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

it("says how many have ended though Pax8 gives them as active", async () => {
  const ended = {status: "Active", billingTerm: "Annual", endDate: "2026-10-31T00:00:00.000Z"};
  const fee = {...ended, billingTerm: "One-Time"};
  expect(await notesWith(ended, {...ended, status: "PendingCancel"}, fee)).toEqual([
    "1 subscription counts as nothing purchased: Pax8 gives its status as Active, and an end that is past.",
  ]);
});

describe("the cost of a product", () => {
  const productId = "00000000-0000-4000-8000-000000000001";
  const subscription = {productId, status: "Active", partnerCost: 36};

  it.each([
    ["of three years is brought to a month", [{billingTerm: "3-Year"}], "1.000000"],
    ["in another currency is not known", [{billingTerm: "Monthly", currencyCode: "EUR"}], null],
    ["of a term that is not documented is not known", [{billingTerm: "Weekly"}], null],
    ["that a subscription lacks is not known", [{billingTerm: "Monthly", partnerCost: null}], null],
    ["on which subscriptions disagree is not known", [{billingTerm: "Monthly"}, {billingTerm: "Annual"}], null],
    ["on which they agree is theirs", [{billingTerm: "3-Year"}, {billingTerm: "Monthly", partnerCost: 1}], "1.000000"],
  ])("%s", async (_, fields, cost) => {
    await syncWith(...fields.map((field) => ({...subscription, ...field})));
    const {products = []} = await readLake(run.directory);
    expect(products.find(({product_id}) => product_id === productId)).toMatchObject({unit_cost: cost});
  });
});

it("takes the last of the days on which the commitments of a product end", async () => {
  const until = (endDate: string) => ({
    productId: "00000000-0000-4000-8000-000000000001",
    status: "Active",
    billingTerm: "Annual",
    commitmentTerm: {endDate},
  });
  // As Pax8 writes instants, with an offset that lacks its colon among them.
  await syncWith(until("2027-01-31T08:30:00Z"), until("2027-03-30T13:20:13.153-0700"), until("2027-02-28"));
  const {counts = []} = await readLake(run.directory);
  expect(counts.map(({commitment_end}) => commitment_end)).toContain("2027-03-31");
});

it("takes the end of a commitment also where Pax8 does not name it as it documents", async () => {
  const productId = "00000000-0000-4000-8000-000000000001";
  await syncWith({productId, status: "Active", billingTerm: "Annual", commitment: {endDate: "2027-03-30T00:00:00Z"}});
  const {counts = []} = await readLake(run.directory);
  expect(counts.map(({commitment_end}) => commitment_end)).toContain("2027-03-31");
});

it("names products as any of their subscriptions does, and asks for the names that none of them tells, once", async () => {
  const [licensed, asked] = [productOf("SPB"), productOf("FLOW_FREE")];
  await syncWith({productId: licensed, productName: null}, {productId: licensed, productName: "Business Premium"});
  const {products = []} = await readLake(run.directory);
  const nameOf = (id: string) => products.find(({product_id}) => product_id === id)?.product_name;
  expect(nameOf(`${asked}:trial`)).toBe("Acronis Cyber Protect (trial)");
  expect(nameOf(licensed)).not.toBe(licensed);
  const paths = run.emulator.exchanges.map(({request}) => request.path);
  expect(paths.filter((path) => path.startsWith("/v1/products"))).toEqual([`/v1/products/${asked}`]);
});

it.each([
  ["is there no more", 404],
  ["may not be looked at", 403],
])("calls a product by its id that %s", async (_, status) => {
  run = await openVendor(pax8, makeWorld({clients: 3}), {most: 200});
  run.emulator.faults = [
    {when: ({path}) => path.startsWith("/v1/products/"), act: () => ({status, body: {message: "Refused"}})},
  ];
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null, notes: []});
  const {products = []} = await readLake(run.directory);
  expect(products.map(({product_name}) => product_name)).toContain(`${productOf("FLOW_FREE")} (trial)`);
});
