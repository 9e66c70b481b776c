import {afterEach, expect, it} from "vitest";
import {connectWisePsa} from "../vendors/connectwise-psa.js";
import {changed} from "../vendors/vendor.js";
import {makeWorld} from "../vendors/world.js";
import {asStored, openVendor, readLake, type VendorRun} from "./syncVendor.js";

const world = makeWorld({clients: 1});
let run: VendorRun;
afterEach(() => run.close());

/** A list of as many companies as fit on a page, and no link to another, as of an endpoint that gives none. */
async function syncFullPage(count: number) {
  run = await openVendor(connectWisePsa, world);
  const companies = Array.from({length: 1000}, (_, index) => ({id: 101 + index, name: `Company ${index}`}));
  run.emulator.faults = [
    {when: ({path}) => path.endsWith("/company/companies"), act: () => ({body: companies})},
    {when: ({path}) => path.endsWith("/company/companies/count"), act: () => ({body: {count}})},
  ];
  return run.sync();
}

it("does not take a full page without a link for the whole where there are more", async () => {
  const {status, error} = await syncFullPage(1001);
  expect([status, error]).toEqual([
    "failed",
    "/company/companies ended the stream after 1000 rows; the vendor says that there are 1001.",
  ]);
});

it("takes a full page without a link for the last one where there are no more", async () => {
  expect(await syncFullPage(1000)).toMatchObject({status: "succeeded", error: null});
  expect((await readLake(run.directory)).clients).toHaveLength(1000);
});

const isOf501 = (path: string) => path.includes("/finance/agreements/501");

it("leaves out an agreement that was deleted while the list was read", async () => {
  const many = makeWorld();
  run = await openVendor(connectWisePsa, many);
  run.emulator.faults = [{when: ({path}) => isOf501(path), act: () => ({status: 404, body: {code: "NotFound"}})}];
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null});
  const {agreements, agreement_lines} = await asStored(connectWisePsa.expected(many));
  const lake = await readLake(run.directory);
  expect(lake.agreements).toEqual(agreements?.filter(({agreement_id}) => agreement_id !== "501"));
  expect(lake.agreement_lines).toEqual(agreement_lines?.filter(({agreement_id}) => agreement_id !== "501"));
});

it("fails where the additions of an agreement are not found, though it is there", async () => {
  run = await openVendor(connectWisePsa, makeWorld());
  run.emulator.faults = [
    {
      when: ({path}) => isOf501(path) && path.endsWith("/additions"),
      act: () => ({status: 404, body: {code: "NotFound"}}),
    },
    {when: ({path}) => path.endsWith("/501"), act: () => ({body: {id: 501}})},
  ];
  expect(await run.sync()).toMatchObject({status: "failed", error: expect.stringContaining("/501/additions")});
});

it("takes for billed once what is, whatever cycle or none it names", async () => {
  run = await openVendor(connectWisePsa, world);
  run.emulator.faults = [
    {
      when: ({path}) => path.endsWith("/finance/agreements"),
      act: (reply) =>
        changed<Record<string, unknown>[]>(reply, (agreements) => {
          const [first = {}, second = {}] = agreements;
          Object.assign(first, {oneTimeFlag: false, billOneTimeFlag: true, billingCycle: null});
          Object.assign(second, {oneTimeFlag: false, billOneTimeFlag: true});
        }),
    },
  ];
  expect(await run.sync()).toMatchObject({status: "succeeded", rows_quarantined: 0});
  const {agreements = []} = await readLake(run.directory);
  expect(agreements.map(({billing_cycle}) => billing_cycle)).toEqual(["one_time", "one_time"]);
});

it("sets one odd product aside, though nearly all of the others are additions and become no line", async () => {
  run = await openVendor(connectWisePsa, makeWorld({clients: 12}), {most: 1000});
  run.emulator.faults = [
    {
      when: ({path}) => path.endsWith("/procurement/products"),
      act: (reply) =>
        changed<Record<string, unknown>[]>(reply, (products) => {
          Object.assign(products.at(-1) ?? {}, {quantity: null});
        }),
    },
  ];
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null, rows_quarantined: 1});
});
