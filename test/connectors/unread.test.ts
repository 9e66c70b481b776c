import {mkdir} from "node:fs/promises";
import {join} from "node:path";
import {afterEach, expect, it} from "vitest";
import {checkMappingFolder} from "../../loaders/marts/reconcile.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";
import {acronis} from "../vendors/acronis.js";
import {duo} from "../vendors/duo.js";
import {microsoft365} from "../vendors/microsoft-365.js";
import {makeWorld} from "../vendors/world.js";
import {openVendor, type VendorRun} from "./syncVendor.js";

/** A client whose account could not be read yet, as where a new tenant has not consented: its use is unknown, not none. */

const world = makeWorld({clients: 3, peoplePerClient: 4, devicesPerClient: 4});
let run: VendorRun;
afterEach(() => run.close());

it.each([acronis, duo, microsoft365].map((vendor) => [vendor.name, vendor] as const))("%s", async (_, vendor) => {
  run = await openVendor(vendor, world);
  await mkdir(join(run.directory, "mappings"));
  const syncRefusing = async (isRefused: boolean) => {
    run.emulator.faults = [
      {
        when: (request) => isRefused && vendor.part?.(request, world) === true,
        act: () => ({status: 403, body: {message: "No consent"}}),
      },
    ];
    const {failed_parts} = await run.sync({full: false});
    const {inputs} = await checkMappingFolder(await readWorkspace(run.directory), join(run.directory, "mappings"));
    return {
      failed: failed_parts.map(({account_id, has_usage}) => ({account_id, has_usage})),
      unread_accounts: inputs.unread_accounts,
      error: inputs.syncs.at(-1)?.error,
    };
  };
  const account_id = vendor.expected(world).accounts?.[2]?.account_id;
  const unread = {
    failed: [{account_id, has_usage: false}],
    unread_accounts: [{connection_id: "vendor", account_id}],
    error: expect.stringMatching(/^Acme Corp: GET .* answered 403: No consent\./),
  };
  expect(await syncRefusing(true)).toEqual(unread);
  expect(await syncRefusing(true)).toEqual(unread);
  expect(await syncRefusing(false)).toEqual({failed: [], unread_accounts: [], error: null});
  expect(await syncRefusing(true)).toEqual({
    ...unread,
    failed: [{account_id, has_usage: true}],
    unread_accounts: [],
  });
});
