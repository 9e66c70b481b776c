import {afterEach, expect, it} from "vitest";
import {dattoRmm} from "../vendors/datto-rmm.js";
import {changed} from "../vendors/vendor.js";
import {makeWorld} from "../vendors/world.js";
import {openVendor, readLake, type VendorRun} from "./syncVendor.js";

interface Body {
  devices: Record<string, unknown>[];
}

const world = makeWorld({clients: 1, devicesPerClient: 4});
let run: VendorRun;
afterEach(() => run.close());

async function seatsWith(fields: Record<string, unknown>) {
  run = await openVendor(dattoRmm, world);
  run.emulator.faults = [
    {
      when: ({path}) => path === "/api/v2/account/devices",
      act: (reply) =>
        changed<Body>(reply, ({devices}) => {
          for (const device of devices)
            Object.assign(device, {siteName: world.clients[0]?.name, deleted: false}, fields);
        }),
    },
  ];
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null, rows_quarantined: 0});
  return readLake(run.directory);
}

it("takes what is in Datto's own site of deleted devices for deleted, whatever else is said of it", async () => {
  const {seats} = await seatsWith({siteName: "Deleted Devices", siteUid: "5a7c0001-00000000"});
  expect(seats?.map(({status}) => status)).toEqual(Array(4).fill("deleted"));
});

it("takes a device for deleted that is said to be, in whatever site", async () => {
  const {seats} = await seatsWith({deleted: true});
  expect(seats?.map(({status}) => status)).toEqual(Array(4).fill("deleted"));
});
