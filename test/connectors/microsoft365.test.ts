import {afterEach, expect, it} from "vitest";
import {microsoft365, tenantOf} from "../vendors/microsoft-365.js";
import {makeWorld} from "../vendors/world.js";
import {asStored, openVendor, readLake, type VendorRun} from "./syncVendor.js";

const world = makeWorld();
let run: VendorRun;
afterEach(() => run.close());

it("reads the tenants that the settings list, without a partner's", async () => {
  const tenants = world.clients.map(({id, name}) => ({id: tenantOf(id), name}));
  run = await openVendor(microsoft365, world, {settings: {partner_tenant: undefined, tenants}});
  expect(await run.test()).toBe(`Microsoft Graph answers for the tenant of ${world.clients[0]?.name}.`);
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null});
  expect(await readLake(run.directory)).toEqual(await asStored(microsoft365.expected(world)));
  expect(run.emulator.exchanges.some(({request}) => request.path.includes("delegatedAdminCustomers"))).toBe(false);
});

it("knows the account of a tenant that has refused from the first, and nothing else of it", async () => {
  const refusing = tenantOf(103);
  run = await openVendor(microsoft365, world);
  run.emulator.faults = [
    {
      when: ({path}) => path.startsWith(`/login/${refusing}/`),
      act: () => ({
        status: 400,
        body: {error: "invalid_grant", error_description: "AADSTS65001: No consent for the application."},
      }),
    },
  ];
  const record = await run.sync();
  expect(record.status).toBe("partial");
  const {name} = world.clients.find(({id}) => id === 103) as {name: string};
  expect(record.failed_parts).toEqual([
    {part: name, reason: expect.stringContaining("AADSTS65001"), account_id: refusing, has_usage: false},
  ]);
  const expected = await asStored(microsoft365.expected(world));
  const others = (table: string) => expected[table]?.filter(({account_id}) => account_id !== refusing);
  const lake = await readLake(run.directory);
  expect(lake.accounts).toEqual(
    expected.accounts?.map((row) => (row.account_id === refusing ? {...row, domain: null} : row)),
  );
  expect(lake.seats).toEqual(others("seats"));
  expect(lake.counts).toEqual(others("counts"));
});
