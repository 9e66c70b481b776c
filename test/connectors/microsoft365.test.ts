import {afterEach, expect, it} from "vitest";
import {describeFailure} from "../../loaders/marts/caveats.js";
import type {VendorRequest} from "../vendors/emulator.js";
import {microsoft365, tenantOf} from "../vendors/microsoft-365.js";
import {makeWorld, uuid} from "../vendors/world.js";
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
        status: 401,
        body: {
          error: "unauthorized_client",
          error_description: `AADSTS7000229: The client application ${uuid(23, 1)} is missing service principal in the tenant ${refusing}. See instructions here: https://go.microsoft.com/fwlink/?linkid=2225119 Trace ID: ${uuid(24, 1)} Correlation ID: ${uuid(24, 2)} Timestamp: 2026-11-23 12:00:00Z`,
        },
      }),
    },
  ];
  const record = await run.sync();
  expect(record.status).toBe("partial");
  const {name} = world.clients.find(({id}) => id === 103) as {name: string};
  expect(record.failed_parts).toEqual([
    {
      part: name,
      reason: expect.stringMatching(/AADSTS7000229: .*\. The tenant has not consented to the app, or /),
      account_id: refusing,
      has_usage: false,
    },
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

it("reads other tenants while Graph wants to be asked less for one: it counts requests by tenant", async () => {
  run = await openVendor(microsoft365, world);
  const isUsersOf103 = ({path, headers}: VendorRequest) =>
    path === "/v1.0/users" && headers.authorization?.startsWith("Bearer m365-103-") === true;
  run.emulator.faults = [
    {when: isUsersOf103, times: 1, act: () => ({status: 429, headers: {"retry-after": "4"}, body: {error: {}}})},
  ];
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null});
  expect(await readLake(run.directory)).toEqual(await asStored(microsoft365.expected(world)));
  const {exchanges} = run.emulator;
  const refused = exchanges.findIndex(({status}) => status === 429);
  const again = exchanges.findIndex(({request}, index) => index > refused && isUsersOf103(request));
  const others = exchanges
    .slice(again)
    .filter(({request}) => !/Bearer m365-103-/.test(`${request.headers.authorization}`));
  expect(others).toEqual([]);
});

it("names a page without the whole of its token, so that the reason is not cut off where there is little room", async () => {
  run = await openVendor(microsoft365, world);
  run.emulator.faults = [
    {
      when: ({path, query, headers}) =>
        path === "/v1.0/users" &&
        query.has("$skiptoken") &&
        headers.authorization?.startsWith("Bearer m365-103-") === true,
      act: () => ({
        status: 403,
        body: {error: {code: "Authorization_RequestDenied", message: "Access was withdrawn."}},
      }),
    },
  ];
  const [{reason} = {reason: ""}] = (await run.sync()).failed_parts;
  expect(describeFailure({last_error: reason})).toMatch(
    /^ GET \/v1\.0\/users\?%24select=id.*…&%24top=120&%24skiptoken=RFN.*… answered 403: Access was withdrawn\. The app lacks/,
  );
});

it.each([
  ["in a tenant without Exchange, which refuses whatever the token", 401, 20],
  ["where the app may not look at mailboxes", 403, Number.POSITIVE_INFINITY],
  ["where there is no mailbox", 404, Number.POSITIVE_INFINITY],
])("takes no mailbox for shared %s", async (_, status, most) => {
  const large = makeWorld({clients: 3, peoplePerClient: 200});
  run = await openVendor(microsoft365, large, {most: 999});
  const isMailboxOf103 = ({path, headers}: VendorRequest) =>
    path.endsWith("/userPurpose") && headers.authorization?.startsWith("Bearer m365-103-") === true;
  run.emulator.faults = [
    {when: isMailboxOf103, act: () => ({status, body: {error: {code: "Refused", message: "There is nothing."}}})},
  ];
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null, failed_parts: []});
  const {seats} = await asStored(microsoft365.expected(large));
  expect((await readLake(run.directory)).seats).toEqual(
    seats?.map((seat) => (seat.account_id === tenantOf(103) ? {...seat, kind: "user"} : seat)),
  );
  expect(run.emulator.exchanges.filter(({request}) => isMailboxOf103(request)).length).toBeLessThan(most);
});

const expired = {
  status: 400,
  body: {
    error: {
      code: "Directory_ExpiredPageToken",
      message: "The specified page token value has expired and can no longer be included in your request.",
    },
  },
};
const isLaterPageOf103 = ({path, query, headers}: VendorRequest) =>
  path === "/v1.0/users" && query.has("$skiptoken") && headers.authorization?.startsWith("Bearer m365-103-") === true;

it("begins a list again whose next page has expired", async () => {
  run = await openVendor(microsoft365, world);
  run.emulator.faults = [{when: isLaterPageOf103, times: 1, act: () => expired}];
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null, failed_parts: []});
  expect(await readLake(run.directory)).toEqual(await asStored(microsoft365.expected(world)));
});

it("gives up a list whose next page expires each time", async () => {
  run = await openVendor(microsoft365, world);
  run.emulator.faults = [{when: isLaterPageOf103, act: () => expired}];
  const {failed_parts} = await run.sync();
  expect(failed_parts).toMatchObject([{reason: expect.stringContaining("page token value has expired")}]);
});

it("counts a tenant once that the settings list by its domain or in other letters, and GDAP by its id", async () => {
  const [first, second] = world.clients;
  const tenants = [
    {id: first?.domain ?? "", name: "By domain"},
    {id: tenantOf(second?.id ?? 0).toUpperCase(), name: "In capitals"},
  ];
  run = await openVendor(microsoft365, world, {settings: {tenants}});
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null, failed_parts: []});
  const expected = await asStored(microsoft365.expected(world));
  const lake = await readLake(run.directory);
  expect(lake.accounts?.map(({account_name}) => account_name).sort()).toEqual(
    expected.accounts?.map(({account_name}) => account_name).sort(),
  );
  // The accounts are those of the settings: mappings name them.
  expect(lake.accounts?.map(({account_id}) => account_id)).toEqual(expect.arrayContaining(tenants.map(({id}) => id)));
  expect(lake.seats).toHaveLength(expected.seats?.length ?? 0);
});

it("reads a tenant that the settings list by a domain that is none of GDAP's beside those, and says why it could not", async () => {
  run = await openVendor(microsoft365, world, {settings: {tenants: [{id: "elsewhere.example", name: "Elsewhere"}]}});
  const {failed_parts} = await run.sync();
  expect(failed_parts).toMatchObject([{part: "Elsewhere", account_id: "elsewhere.example"}]);
});

it("leaves out tenants of GDAP that the settings name, whatever their letters", async () => {
  run = await openVendor(microsoft365, world, {settings: {leave_out: [tenantOf(103).toUpperCase()]}});
  run.emulator.faults = [
    {when: ({path}) => path.startsWith(`/login/${tenantOf(103)}/`), act: () => ({status: 400, body: {}})},
  ];
  expect(await run.sync()).toMatchObject({status: "succeeded", error: null, failed_parts: []});
  const {accounts} = await asStored(microsoft365.expected(world));
  expect((await readLake(run.directory)).accounts).toEqual(
    accounts?.filter(({account_id}) => account_id !== tenantOf(103)),
  );
});
