import {mkdir, mkdtemp, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {describeSyncs} from "../../loaders/describeResults.js";
import type {SyncRecord} from "../../loaders/lake/lake.js";
import {sync} from "../../loaders/lake/sync.js";
import {readWorkspace} from "../../loaders/workspace/workspace.js";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-csv-"));
  await writeFile(
    join(directory, "workspace.yaml"),
    `name: Files
currency: USD
connections:
  - {id: psa, connector: csv-psa, path: imports/psa}
  - {id: rmm, connector: csv-usage, path: imports/rmm}
`,
  );
  await files({
    "accounts.csv": "account_id,account_name\nA,Acme\n",
    "products.csv": "product_id,product_name\nP,Agent\n",
    "seats.csv": "account_id,product_id,seat_id\nA,P,S1\nA,P,S2\n",
  });
});
afterEach(() => rm(directory, {recursive: true, force: true}));

async function files(texts: Record<string, string>): Promise<void> {
  await mkdir(join(directory, "imports", "rmm"), {recursive: true});
  for (const [name, text] of Object.entries(texts)) await writeFile(join(directory, "imports", "rmm", name), text);
}

async function syncRmm(): Promise<SyncRecord> {
  const [record] = await sync(await readWorkspace(directory), {only: ["rmm"]});
  if (record === undefined) throw new Error("Nothing was synced.");
  return record;
}

it("notes files that it does not read", async () => {
  await files({"seats2.csv": "account_id\n", "notes.txt": "x"});
  expect(await syncRmm()).toMatchObject({
    status: "succeeded",
    rows_kept: 4,
    notes: [
      "imports/rmm/seats2.csv is not read: the files of this connection are accounts.csv, products.csv, seats.csv, counts.csv.",
    ],
  });
});

it("reads a file whatever its capitals", async () => {
  await rm(join(directory, "imports", "rmm", "seats.csv"));
  await files({"Seats.CSV": "account_id,product_id,seat_id\nA,P,S1\n"});
  expect(await syncRmm()).toMatchObject({status: "succeeded", rows_kept: 3, notes: []});
});

it("notes what had rows before and has none now", async () => {
  await files({"counts.csv": "account_id,product_id,metric,quantity\nA,P,purchased,7\n"});
  expect((await syncRmm()).notes).toEqual([]);
  await rm(join(directory, "imports", "rmm", "counts.csv"));
  await files({"seats.csv": "account_id,product_id,seat_id\n"});
  expect((await syncRmm()).notes).toEqual([
    "seats has no rows any more; in the sync before it had 2.",
    "counts has no rows any more; in the sync before it had 1.",
  ]);
});

it("fails alone, and says why, where a file or the folder cannot be read", async () => {
  await rm(join(directory, "imports", "rmm", "seats.csv"));
  await mkdir(join(directory, "imports", "rmm", "seats.csv"));
  expect(await syncRmm()).toMatchObject({
    status: "failed",
    error: "seats.csv cannot be read: is a folder, not a file.",
  });
  await rm(join(directory, "imports", "rmm"), {recursive: true});
  await writeFile(join(directory, "imports", "rmm"), "");
  expect(await syncRmm()).toMatchObject({
    status: "failed",
    error: "imports/rmm cannot be read: a part of the path is a file, not a folder.",
  });
  await rm(join(directory, "imports"), {recursive: true});
  expect(await syncRmm()).toMatchObject({status: "failed", error: "There is no folder imports/rmm in the workspace."});
});

it("names the files that are there under names of their own where those that it needs are not", async () => {
  await files({"Tenants.csv": "account_id,account_name\nA,Acme\n", "notes.txt": "x"});
  for (const name of ["accounts.csv", "seats.csv"]) await rm(join(directory, "imports", "rmm", name));
  expect((await syncRmm()).error).toBe(
    "imports/rmm lacks accounts.csv. Nothing reads Tenants.csv there: rename what the connection is to read.",
  );
  await files({"accounts.csv": "account_id,account_name\nA,Acme\n", "seats.csv.xlsx": "PK"});
  expect((await syncRmm()).error).toBe(
    "imports/rmm has neither seats.csv nor counts.csv: nothing says what is used. Nothing reads Tenants.csv there: rename what the connection is to read. Save seats.csv.xlsx as CSV UTF-8: workbooks are not read.",
  );
});

it("says of every file what is wrong with it, not of the first alone", async () => {
  await files({
    "accounts.csv": "Tenant ID,account_name\nA,Acme\n",
    "products.csv": "product_id,product_name\nP,Agent\n",
    "seats.csv": "account_id,product_id,seat_id,created_at\nA,P,S1,1/2/2026\n",
  });
  const record = await syncRmm();
  expect(record.status).toBe("failed");
  expect(record.error?.split("\n")).toEqual([
    'accounts.csv: the column "account_id" is missing. The header reads "Tenant ID", "account_name"; other names can be mapped under columns in workspace.yaml.',
    expect.stringMatching(/^seats.csv: 1 of 1 rows do not fit, more than 5 %. First: line 2, created_at "1\/2\/2026"/),
  ]);
  const said = describeSyncs([record], [[]]);
  expect(said.slice(1)).toEqual([
    ...(record.error ?? "").split("\n").map((line) => `  ${line}`),
    "  Data of an earlier sync, if there is any, stays in use.",
  ]);
});

it("takes a misspelt file or column under columns for a mistake of workspace.yaml", async () => {
  await writeFile(
    join(directory, "workspace.yaml"),
    `name: Files
currency: USD
connections:
  - {id: psa, connector: csv-psa, path: imports/psa, columns: {clients: {clientname: Name}}}
  - {id: rmm, connector: csv-usage, path: imports/rmm, columns: {seat: {seat_id: Id}, seats: {seat_id: Id}}}
  - {id: edr, connector: csv-usage, path: imports/edr, columns: {seat_id: Id}}
`,
  );
  const error = await readWorkspace(directory).catch((cause: Error) => cause.message);
  expect(error).toMatch(
    /workspace.yaml:4 .*columns.clients.clientname: is not known: expected one of client_id, client_name/,
  );
  expect(error).toMatch(
    /workspace.yaml:5 .*columns.seat: is not known: expected one of accounts, products, seats, counts/,
  );
  expect(error).toMatch(
    /workspace.yaml:6 .*columns.seat_id: expected a file with its columns, such as seats: {seat_id: "User ID"}\.$/m,
  );
});
