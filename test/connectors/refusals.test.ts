import {afterEach, expect, it} from "vitest";
import {dattoRmm} from "../vendors/datto-rmm.js";
import {duo} from "../vendors/duo.js";
import type {VendorRequest} from "../vendors/emulator.js";
import {huntress} from "../vendors/huntress.js";
import {ninjaOne} from "../vendors/ninjaone.js";
import {pax8} from "../vendors/pax8.js";
import type {Vendor} from "../vendors/vendor.js";
import {makeWorld} from "../vendors/world.js";
import {openVendor, type VendorRun} from "./syncVendor.js";

/** Refusals that mean something else at a vendor than their status alone says. */

let run: VendorRun;
afterEach(() => run.close());

async function errorOf(vendor: Vendor, when: (request: VendorRequest) => boolean, status: number, body: unknown) {
  run = await openVendor(vendor, makeWorld({clients: 1}));
  run.emulator.faults = [{when, act: () => ({status, body})}];
  return (await run.sync()).error;
}

it.each([403, 404])("Huntress: %i on identities, for which the account has no product", async (status) => {
  const error = await errorOf(huntress, ({path}) => path === "/v1/identities", status, {error: {message: "Refused"}});
  expect(error).toMatch(/^GET \/v1\/identities.* answered \d+: Refused\. .* identities: false /);
});

it("Datto RMM: 403 to a machine that went on asking beyond the limit", async () => {
  const error = await errorOf(dattoRmm, dattoRmm.stream.matches, 403, {error: "Forbidden", message: ""});
  expect(error).toMatch(/answered 403: Forbidden\. .* security level .* beyond its limit/);
});

it("NinjaOne: 400 to an API application that lacks the scope", async () => {
  const error = await errorOf(ninjaOne, ({path}) => path === "/ws/oauth/token", 400, {error: "invalid_scope"});
  expect(error).toMatch(/answered 400: invalid_scope\. .* scope /);
});

it("Duo: 403 to an application of another kind, of which only the detail tells", async () => {
  const body = {
    stat: "FAIL",
    code: 40301,
    message: "Access forbidden",
    message_detail: "Wrong integration type for this API.",
  };
  const error = await errorOf(duo, ({path}) => path === "/accounts/v1/account/list", 403, body);
  expect(error).toMatch(/answered 403: Access forbidden: Wrong integration type for this API\. The application /);
});

it("Pax8: 400 with what it refuses among the details", async () => {
  const body = {type: "BAD_REQUEST", message: "Invalid request.", status: 400, details: [{message: "No such order"}]};
  const error = await errorOf(pax8, ({path}) => path === "/v1/companies", 400, body);
  expect(error).toMatch(/answered 400: Invalid request: No such order\. /);
});

it.each([
  ["/v1/identities", huntress],
  ["/v1/agents", huntress],
  ["/api/v2/account/devices", dattoRmm],
  ["/api/v2/account/sites", dattoRmm],
] as const)("the test of a connection does not say that %s can be read where it cannot", async (path, vendor) => {
  run = await openVendor(vendor, makeWorld({clients: 1}));
  run.emulator.faults = [{when: (request) => request.path === path, act: () => ({status: 403, body: {}})}];
  await expect(run.test()).rejects.toThrow(/answered 403\. The /);
});

it("the test of a connection to Huntress asks for no identities where none are to be read", async () => {
  run = await openVendor(huntress, makeWorld({clients: 1}), {settings: {identities: false}});
  run.emulator.faults = [{when: ({path}) => path === "/v1/identities", act: () => ({status: 403, body: {}})}];
  expect(await run.test()).toBe("Huntress account Northwind IT: organisations and agents can be read.");
});
