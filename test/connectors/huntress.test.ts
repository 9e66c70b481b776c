import {afterEach, expect, it} from "vitest";
import {huntress} from "../vendors/huntress.js";
import {changed} from "../vendors/vendor.js";
import {makeWorld} from "../vendors/world.js";
import {openVendor, readLake, type VendorRun} from "./syncVendor.js";

/** Identities of tenants on which Huntress' products are active, or are not. */

interface Body {
  identities: Record<string, unknown>[];
}

const world = makeWorld({clients: 1, peoplePerClient: 6});
let run: VendorRun;
afterEach(() => run.close());

/** How many seats of each product and status there are where every identity has these products. */
async function seatsWith(enabled_products: readonly string[] | undefined) {
  run = await openVendor(huntress, world);
  run.emulator.faults = [
    {
      when: ({path}) => path === "/v1/identities",
      act: (reply) =>
        changed<Body>(reply, ({identities}) => {
          for (const identity of identities) Object.assign(identity, {billable: true, enabled_products});
        }),
    },
  ];
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null, rows_quarantined: 0});
  const {seats = [], products = []} = await readLake(run.directory);
  const ofIdentities = seats.filter(({kind}) => kind === "user");
  return {
    seats: ofIdentities.map(({product_id, status}) => `${product_id} ${status}`).sort(),
    products: products.map(({product_id}) => product_id),
  };
}

const six = (text: string) => Array<string>(6).fill(text);

it.each([
  ["ITDR", ["itdr"], six("itdr active"), ["edr", "itdr"]],
  ["both", ["ispm", "itdr"], [...six("ispm active"), ...six("itdr active")], ["edr", "ispm", "itdr"]],
  ["ISPM alone", ["ispm"], six("ispm active"), ["edr", "ispm", "itdr"]],
  ["another product", ["siem"], six("itdr disabled"), ["edr", "itdr"]],
  ["none", [], six("itdr disabled"), ["edr", "itdr"]],
  ["products that are not told", undefined, six("itdr active"), ["edr", "itdr"]],
])("counts an identity of a tenant with %s", async (_, enabled, seats, products) => {
  expect(await seatsWith(enabled)).toEqual({seats, products});
});
