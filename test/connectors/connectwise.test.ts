import {afterEach, expect, it} from "vitest";
import {connectWisePsa} from "../vendors/connectwise-psa.js";
import {makeWorld} from "../vendors/world.js";
import {openVendor, readLake, type VendorRun} from "./syncVendor.js";

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
