import {randomBytes} from "node:crypto";
import {mkdir, mkdtemp, readdir, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {setTimeout as pause} from "node:timers/promises";
import {afterEach, beforeEach, expect, it} from "vitest";
import {z} from "zod";
import type {Connector} from "../../loaders/connectors/connector.js";
import {sync} from "../../loaders/sync.js";
import type {Connection, Workspace} from "../../loaders/workspace.js";

/** What becomes of a connection that fails, and of the others. */

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-failed-"));
});
afterEach(() => rm(directory, {recursive: true, force: true}));

function workspaceOf(...connections: Connection[]): Workspace {
  return {
    ...{directory, name: "Failing", currency: "USD", lake: null, connections},
    ...{asOf: new Date(), asOfDate: "2026-11-23", isAsOfNow: true, inactiveAfterDays: 21, staleAfterHours: 24},
    ...{billedBasis: "auto", keepSyncs: 10, fullSyncDays: 7, syncTimeoutMinutes: 1},
  };
}

/** A connection that reads what a test says. */
function connectionOf(id: string, read: Connector["sync"]): Connection {
  const settings = z.object({});
  return {
    ...{id, reportsActivity: null, settings: {}},
    connector: {name: "made-up", side: "usage", description: "", settings, sync: read},
  };
}

it("fails with its record where an answer cannot be kept, and leaves the others alone", async () => {
  const full = connectionOf("full", async ({now}, sink) => {
    // What stands in the way of the file does as a full disk would.
    const [folder = ""] = await readdir(join(directory, "lake", "full"));
    await mkdir(join(directory, "lake", "full", folder, "raw", "users.jsonl.gz"), {recursive: true});
    for (let part = 0; part < 20; part++) await sink.raw("users", randomBytes(200_000).toString("hex"));
    return {freshAt: now};
  });
  const small = connectionOf("small", async ({now}, sink) => {
    await sink.raw("users", "{}");
    await pause(200);
    await sink.write("accounts", [{account_id: "A", account_name: "Acme"}], {place: "GET /accounts"});
    return {freshAt: now};
  });
  const [failed, succeeded] = await sync(workspaceOf(full, small));
  expect(failed).toMatchObject({
    status: "failed",
    error: expect.stringMatching(/raw.users\.jsonl\.gz cannot be written: EISDIR/),
  });
  expect(succeeded).toMatchObject({status: "succeeded", rows_kept: 1});
});
