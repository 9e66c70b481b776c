import {cp, mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeEach, describe, expect, it} from "vitest";
import {literal, openDatabase} from "../../../loaders/database.js";
import {currentSync, listSyncs, type SyncRecord, syncFolder} from "../../../loaders/lake/lake.js";
import {describeQuarantinedRows} from "../../../loaders/lake/quarantine.js";
import {sync} from "../../../loaders/lake/sync.js";
import {reconcile} from "../../../loaders/marts/reconcile.js";
import {readWorkspace, type Workspace} from "../../../loaders/workspace/workspace.js";
import {copySynced} from "../../sample/madeSample.js";

const folders: string[] = [];
let workspace: Workspace;
let seats: string;

beforeEach(async () => {
  const directory = await mkdtemp(join(tmpdir(), "trueup-quarantine-"));
  folders.push(directory);
  await copySynced(directory);
  workspace = await readWorkspace(directory);
  seats = join(directory, "imports", "rmm", "seats.csv");
});
afterAll(() => Promise.all(folders.map((folder) => rm(folder, {recursive: true, force: true}))));

async function run(sql: string): Promise<Record<string, unknown>[]> {
  const database = await openDatabase();
  try {
    return await database.rows(sql);
  } finally {
    database.close();
  }
}

async function quarantinedRows(): Promise<Record<string, unknown>[]> {
  await reconcile(workspace);
  return run(`from read_parquet(${literal(join(workspace.directory, "marts", "quarantined_rows.parquet"))})`);
}

async function current(): Promise<SyncRecord> {
  return currentSync(await listSyncs(workspace, "rmm")) as SyncRecord;
}

/** What the sample plants. */
const planted = {
  ...{connection_id: "rmm", row_number: "1", table_name: "seats", file: "seats.csv", line: "1147", record_id: null},
  ...{column_name: "kind", value: "laptop", reason: expect.stringMatching(/^expected one of user, device, /)},
};

describe("the mart of quarantined rows", () => {
  it("is of the sync in use, whatever a later one that failed refused", async () => {
    expect(await quarantinedRows()).toEqual([planted]);
    const text = await readFile(seats, "utf8");
    await writeFile(seats, text.replaceAll("workstation", "tablet"));
    const [failed] = await sync(workspace, {only: ["rmm"]});
    expect(failed).toMatchObject({status: "failed", rows_quarantined: 0});
    expect(await quarantinedRows()).toEqual([planted]);
    await writeFile(seats, text.replace("workstation", "tablet"));
    await sync(workspace, {only: ["rmm"]});
    expect((await quarantinedRows()).map(({line, value}) => [line, value])).toEqual([
      ["2", "tablet"],
      ["1147", "laptop"],
    ]);
  });

  it("has the same bytes whenever it is made of the same", async () => {
    const bytes = async () => {
      await reconcile(workspace, {force: true});
      return readFile(join(workspace.directory, "marts", "quarantined_rows.parquet"));
    };
    expect((await bytes()).equals(await bytes())).toBe(true);
  });

  it("is empty where somebody has removed the file, and every figure is there all the same", async () => {
    const {summary} = await reconcile(workspace);
    await rm(join(syncFolder(workspace, await current()), "quarantine.parquet"));
    expect((await reconcile(workspace, {force: true})).summary).toEqual(summary);
    expect(await quarantinedRows()).toEqual([]);
  });
});

it("reads of an earlier version's files the record within the reason", async () => {
  const record = await current();
  const row = {file: "GET /agents, page 2", column: "siteId", value: "null", reason: "expected an id (id 7)"};
  const file = join(syncFolder(workspace, record), "quarantine.parquet");
  const columns = Object.entries(row).map(([name, text]) => `${literal(text)} as "${name}"`);
  await run(`copy (select 'seats' as "table", null::bigint as line, ${columns}) to ${literal(file)}`);
  expect(await quarantinedRows()).toMatchObject([{line: null, record_id: null, reason: "expected an id (id 7)"}]);
  const told = ["GET /agents, page 2 siteId null: expected an id (id 7)", `see ${file}`];
  expect(await describeQuarantinedRows(workspace, record)).toEqual(told);
  await run(
    `copy (select * replace ('expected an id' as reason), 'id 7' as record from ${literal(file)}) to ${literal(`${file}.new.parquet`)}`,
  );
  await cp(`${file}.new.parquet`, file);
  expect(await describeQuarantinedRows(workspace, record)).toEqual(told);
});
