import {randomBytes} from "node:crypto";
import {mkdir, mkdtemp, readdir, rm, writeFile} from "node:fs/promises";
import {createServer, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {setTimeout as pause} from "node:timers/promises";
import {afterEach, beforeEach, describe, expect, it, vi} from "vitest";
import {z} from "zod";
import type {Connector} from "../../../loaders/connectors/connector.js";
import {connectors} from "../../../loaders/connectors/index.js";
import {literal} from "../../../loaders/database.js";
import {currentSync, listSyncs} from "../../../loaders/lake/lake.js";
import {readStorageAccess} from "../../../loaders/lake/objectStorage.js";
import {sync, testConnection} from "../../../loaders/lake/sync.js";
import {reconcile} from "../../../loaders/marts/reconcile.js";
import type {Connection} from "../../../loaders/workspace/connectionSettings.js";
import type {Workspace} from "../../../loaders/workspace/workspace.js";
import {openOnce} from "../../connectors/syncVendor.js";
import {variable} from "../../vendors/vendor.js";

/** What becomes of a connection that fails, and of the others. */

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-failed-"));
});
afterEach(() => rm(directory, {recursive: true, force: true}));

function workspaceOf(...connections: Connection[]): Workspace {
  return {
    ...{directory, name: "Failing", currency: "USD", lake: null, storage: null, connections},
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

async function listen(server: Server): Promise<string> {
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

it("asks the vendor nothing more once it has failed", async () => {
  let asked = 0;
  const server = createServer(async ({url = ""}, response) => {
    asked += 1;
    await pause(5);
    const isRefused = url.includes("/agreements/1/");
    response.writeHead(isRefused ? 403 : 200, {"content-type": "application/json"});
    const agreement = {company: {id: 1}, agreementStatus: "Active", billingCycle: {name: "Monthly"}};
    const agreements = Array.from({length: 100}, (_, id) => ({id: id + 1, ...agreement, startDate: "2026-01-01"}));
    response.end(JSON.stringify(/\/agreements\?/.test(url) ? agreements : []));
  });
  try {
    const keys = {public_key: "planted", private_key: "planted", client_id: "planted"};
    const settings = {base_url: await listen(server), company_id: "acme", ...keys};
    const connector = connectors["connectwise-psa"] as Connection["connector"];
    const connection = {id: "psa", reportsActivity: null, settings, connector};
    const [record] = await sync(workspaceOf(connection), {backoff: 1, isUnlimited: true});
    expect(record).toMatchObject({status: "failed", error: expect.stringContaining("answered 403")});
    expect(record).toMatchObject({rows_read: 0, rows_kept: 0, rows_quarantined: 0, files: [], fresh_at: null});
    // Those on their way arrive still.
    await pause(50);
    const before = asked;
    await pause(300);
    expect(asked).toBe(before);
  } finally {
    server.close();
  }
});

it("takes nothing more from streams that have not noticed, and leaves no folder of theirs", async () => {
  const refused: string[] = [];
  const connection = connectionOf("m365", async ({now, signal}, sink) => {
    const read = async (stream: string): Promise<void> => {
      await sink.raw(stream, "{}");
      for (let part = 0; part < 20; part++) {
        await pause(10);
        const isLate = signal.aborted;
        const kept = await Promise.allSettled([
          sink.raw(`${stream}-${part}`, "{}"),
          sink.write("accounts", [{account_id: `A${part}`, account_name: "Acme"}], {place: "GET /accounts"}),
        ]);
        if (isLate) refused.push(...kept.map(({status}) => status));
      }
    };
    const fail = async (): Promise<void> => {
      await pause(45);
      throw new Error("The vendor is down.");
    };
    await Promise.all([read("users"), read("groups"), fail()]);
    return {freshAt: now};
  });
  const [record] = await sync(workspaceOf(connection));
  expect(record).toMatchObject({status: "failed", error: "The vendor is down."});
  await pause(400);
  expect(refused.length).toBeGreaterThan(20);
  expect(new Set(refused)).toEqual(new Set(["rejected"]));
  const syncId = record?.sync_id ?? "";
  expect(await readdir(join(directory, "lake", "m365"), {recursive: true})).toEqual([
    syncId,
    join(syncId, "sync.json"),
  ]);
});

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

it("names the place where nothing can be put, in plain words", async () => {
  await writeFile(join(directory, "lake"), "");
  const [record] = await sync(workspaceOf(sound("m365")));
  expect(record?.error).toBe(
    `It could not be begun: ${join(directory, "lake", "m365")}: a part of the path is a file, not a folder.`,
  );
});

/** A connection that always has the same account. */
const sound = (id: string): Connection =>
  connectionOf(id, async ({now}, sink) => {
    await sink.write("accounts", [{account_id: "A", account_name: "Acme"}], {place: "GET /accounts"});
    return {freshAt: now};
  });

it("fails alone where its folder cannot be made, and nothing waits for it any more", async () => {
  await mkdir(join(directory, "lake"));
  await writeFile(join(directory, "lake", "m365"), "A file is in the way.");
  const [started, ended] = [vi.spyOn(globalThis, "setTimeout"), vi.spyOn(globalThis, "clearTimeout")];
  const records = await sync(workspaceOf(sound("m365"), sound("rmm")));
  expect(records).toMatchObject([
    {connection_id: "m365", status: "failed", rows_kept: 0, error: expect.stringMatching(/lake.m365/)},
    {connection_id: "rmm", status: "succeeded", rows_kept: 1, error: null},
  ]);
  started.mock.calls.forEach(([, milliseconds], index) => {
    if (milliseconds === 60_000) expect(ended).toHaveBeenCalledWith(started.mock.results[index]?.value);
  });
  vi.restoreAllMocks();
});

it("reads those that are asked for alone, all where none is, and refuses one that there is not", async () => {
  const workspace = workspaceOf(sound("m365"), sound("rmm"));
  const read = async (...only: string[]) => (await sync(workspace, {only})).map(({connection_id}) => connection_id);
  expect(await read("rmm")).toEqual(["rmm"]);
  expect(await read()).toEqual(["m365", "rmm"]);
  const refused = 'duo": the workspace has no such connection. It has m365, rmm.';
  await expect(read("rmm", "duo")).rejects.toThrow(`--only "${refused}`);
  await expect(testConnection(workspace, "duo")).rejects.toThrow(`test-connection "${refused}`);
});

it("names a record that is damaged and what to do, and leaves the others alone", async () => {
  const workspace = workspaceOf(sound("m365"), sound("rmm"));
  const [first] = await sync(workspace);
  const folder = join(directory, "lake", "m365", first?.sync_id ?? "");
  await writeFile(join(folder, "sync.json"), "");
  const message = `${join(folder, "sync.json")} is damaged`;
  const [failed, succeeded] = await sync(workspace);
  expect(failed).toMatchObject({status: "failed", error: expect.stringContaining(message)});
  expect(failed?.error).toContain("move its folder out of the lake");
  expect(await readdir(join(directory, "lake", "m365", failed?.sync_id ?? ""))).toEqual(["sync.json"]);
  expect(succeeded).toMatchObject({status: "succeeded"});
  await writeFile(join(directory, "workspace.yaml"), "");
  await expect(reconcile(workspace)).rejects.toThrow(message);
  await rm(folder, {recursive: true});
  expect(await sync(workspace)).toMatchObject([{status: "succeeded"}, {status: "succeeded"}]);
});

it("takes no notice of a folder without a record", async () => {
  const workspace = workspaceOf(sound("m365"));
  await mkdir(join(directory, "lake", "m365", "20261123T020000000Z"), {recursive: true});
  expect(await listSyncs(workspace, "m365")).toEqual([]);
  expect(await sync(workspace)).toMatchObject([{status: "succeeded", error: null}]);
  expect(await listSyncs(workspace, "m365")).toHaveLength(1);
});

describe("the environment", () => {
  const secrets = {AWS_SECRET_ACCESS_KEY: "hush-hush/hush", AWS_SESSION_TOKEN: "hush-token"};
  const telling = connectionOf("m365", async () => {
    throw new Error(`Refused: ${Object.values(secrets).join(" and ")}.`);
  });

  it("is the one that is given: its keys of object storage are in no record", async () => {
    const [record] = await sync(workspaceOf(telling), {env: secrets});
    expect(record?.error).toBe("Refused: [redacted] and [redacted].");
    const storage = readStorageAccess({AWS_ACCESS_KEY_ID: "id", ...secrets});
    const [other] = await sync({...workspaceOf(telling), storage});
    expect(other?.error).toBe("Refused: [redacted] and [redacted].");
  });

  it("is not looked into by anybody else", async () => {
    expect(process.env.PATH).toBeDefined();
    const connection = {...sound("m365"), settings: {token: variable("PATH")}};
    await expect(sync(workspaceOf(connection))).rejects.toThrow(/PATH.*this environment variable is not set/);
  });
});

it("uses what it read last, also where the clock was put back since, and keeps it", async () => {
  const connection = connectionOf("m365", async ({now}, sink) => {
    await sink.write("accounts", [{account_id: "A", account_name: "Acme"}], {place: "GET /accounts"});
    return {freshAt: now};
  });
  const workspace = {...workspaceOf(connection), keepSyncs: 2};
  for (const moment of ["2028-01-01T02:00:00Z", "2026-11-23T02:00:00Z", "2026-11-24T02:00:00Z"]) {
    const [record] = await sync(workspace, {now: () => new Date(moment)});
    expect(record).toMatchObject({status: "succeeded", started_at: new Date(moment).toISOString()});
    expect(currentSync(await listSyncs(workspace, "m365"))).toEqual(record);
  }
  expect(await readdir(join(directory, "lake", "m365"))).toHaveLength(2);
});

it("writes down what a vendor says so that every program can read it, be it cut within an emoji", async () => {
  const workspace = workspaceOf(
    connectionOf("rmm", () => {
      throw new Error("Acme \ud83d");
    }),
  );
  expect(await sync(workspace)).toMatchObject([{status: "failed"}]);
  const database = await openOnce();
  const records = literal(join(directory, "lake", "*", "*", "sync.json"));
  expect(await database.rows(`select error from read_json(${records}, columns = {error: 'varchar'})`)).toEqual([
    {error: "Acme \ufffd"},
  ]);
});
