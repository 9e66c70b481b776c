import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {type Database, literal, openDatabase} from "../../../loaders/database.js";
import {createLakeViews, createQuarantine} from "../../../loaders/lake/lakeViews.js";

let folder: string;
let database: Database;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-it's-[lake]-"));
  database = await openDatabase();
});
afterEach(async () => {
  database.close();
  await rm(folder, {recursive: true, force: true});
});

/** Writes a file of the lake and says where it is. */
async function write(name: string, select: string): Promise<string> {
  const path = join(folder, `${name}.parquet`);
  await database.run(`copy (${select}) to ${literal(path)}`);
  return path;
}

it("has every canonical table where nothing was synced yet, and of several files each row once, whatever columns they have", async () => {
  const first = await write("first", "select '1' as account_id, 'Acme' as account_name, 'x' as gone");
  const second = await write("second", "select 'Bolt' as account_name, '2' as account_id, 'bolt.test' as domain");
  const other = await write("other", "select '1' as account_id, 'Acme' as account_name, null::varchar as domain");
  await createLakeViews(database, [
    {connectionId: "o'rmm", files: {accounts: [first, second], seats: []}},
    {connectionId: "edr", files: {accounts: [other]}},
  ]);
  expect(await database.rows("from lake_accounts order by all")).toEqual([
    {connection_id: "edr", account_id: "1", account_name: "Acme", domain: null},
    {connection_id: "o'rmm", account_id: "1", account_name: "Acme", domain: null},
    {connection_id: "o'rmm", account_id: "2", account_name: "Bolt", domain: "bolt.test"},
  ]);
  expect(await database.rows("from lake_invoice_lines")).toEqual([]);
  expect(await database.rows("from lake_seats")).toEqual([]);
});

it("numbers quarantined rows by connection, and leaves out those alone whose file was removed", async () => {
  const row = (line: number) =>
    `select 'seats' as "table", 'seats.csv' as file, ${line} as line, 'kind' as "column", 'x' as value, 'odd' as reason`;
  const rmm = await write("rmm", `${row(7)} union all ${row(3)}`);
  const edr = await write("edr", `select *, 'id 7' as record from (${row(9)})`);
  await createQuarantine(database, [
    {connectionId: "m365", files: {}, quarantine: null},
    {connectionId: "duo", files: {}, quarantine: join(folder, "removed.parquet")},
    {connectionId: "o'rmm", files: {}, quarantine: rmm},
    {connectionId: "edr", files: {}, quarantine: edr},
  ]);
  expect(await database.rows("select connection_id, row_number, line, record_id from quarantine")).toEqual([
    {connection_id: "o'rmm", row_number: "1", line: "7", record_id: null},
    {connection_id: "o'rmm", row_number: "2", line: "3", record_id: null},
    {connection_id: "edr", row_number: "1", line: "9", record_id: "id 7"},
  ]);
});
