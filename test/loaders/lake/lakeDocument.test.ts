import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {canonicalTables} from "../../../loaders/canonical.js";
import {type Database, openDatabase} from "../../../loaders/database.js";
import {currentSync, lakeFiles, listSyncs, type SyncRecord} from "../../../loaders/lake/lake.js";
import {createLakeViews} from "../../../loaders/lake/lakeViews.js";
import {sync} from "../../../loaders/lake/sync.js";
import {readWorkspace, type Workspace} from "../../../loaders/workspace/workspace.js";
import {copySample} from "../../sample/copySample.js";
import {lakeDocument, lakeQuery} from "./lakeQueries.js";

let directory: string;
let workspace: Workspace;
let database: Database;
let records: SyncRecord[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-lake-"));
  await copySample(directory);
  workspace = await readWorkspace(directory);
  const syncAt = (moment: string, only: string[] = []) => sync(workspace, {only, now: () => new Date(moment)});
  await syncAt("2026-10-31T02:00:00Z");
  records = await syncAt("2026-11-23T02:00:00Z");
  await syncAt("2026-11-24T02:00:00Z", ["m365"]);
  // The last sync of another connection fails.
  await rm(join(directory, "imports", "rmm"), {recursive: true});
  await syncAt("2026-11-24T02:00:00Z", ["rmm"]);
  database = await openDatabase();
});
afterAll(async () => {
  database?.close();
  await rm(directory, {recursive: true, force: true});
});

async function run(query: string): Promise<Record<string, unknown>[]> {
  const statements = query.replaceAll("acme-msp/", `${directory}/`).split(/;\n/);
  let rows: Record<string, unknown>[] = [];
  for (const statement of statements) if (statement.trim() !== "") rows = await database.rows(statement);
  return rows;
}

it("lists every canonical table with its key and the types of its columns", async () => {
  const rows = Object.values(canonicalTables).map(({name, key, columns}) => {
    const list = columns.map((column) => `${column.name} ${column.sqlType}`).join(", ");
    return `| \`${name}\` | ${key.join(", ")} | ${list} |`;
  });
  const [, listed = ""] =
    /\| table \| key \| columns \|\n.*\n((?:\|.*\n)+)/.exec(await readFile(lakeDocument, "utf8")) ?? [];
  expect(listed.trim().split("\n")).toEqual(rows);
});

it("is right about columns, their order and types", async () => {
  for (const record of records) {
    for (const [table, files] of Object.entries(lakeFiles(workspace, record).files)) {
      const {columns} = Object.values(canonicalTables).find(({name}) => name === table) ?? {columns: []};
      const found = await database.rows(`describe from read_parquet('${files[0]}')`);
      const types = found.map((row) =>
        `${row.column_name} ${row.column_type}`.replace("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ"),
      );
      expect(types).toEqual(columns.map(({name, sqlType}) => `${name} ${sqlType}`));
    }
  }
});

it("names every field of sync.json", async () => {
  const text = await readFile(lakeDocument, "utf8");
  const [record] = records;
  const fields = Object.keys(record ?? {}).filter((field) => !text.includes(`\`${field}\``));
  expect(fields).toEqual([]);
});

it("has a query that finds the current data of every connection", async () => {
  const lake = [];
  for (const {id} of workspace.connections) {
    const current = currentSync(await listSyncs(workspace, id));
    if (current !== undefined) lake.push(lakeFiles(workspace, current));
  }
  await createLakeViews(database, lake);
  const expected = await database.rows(
    "select connection_id, count(*) as seats from lake_seats group by connection_id order by connection_id",
  );
  expect(expected.length).toBeGreaterThan(4);
  expect(await run(await lakeQuery("DuckDB: seats by connection, as they are now"))).toEqual(expected);
});

it("has a query that opens one connection's files of one month only", async () => {
  const found = await run(await lakeQuery("DuckDB: seats of one connection by sync, November's only"));
  const m365 = records.find(({connection_id}) => connection_id === "m365");
  const seats = String(m365?.files.find(({table}) => table === "seats")?.rows_kept);
  expect(found).toEqual([
    {sync_id: "20261123T020000000Z", seats},
    {sync_id: "20261124T020000000Z", seats},
  ]);
});

it("is right that columns may be added: files that have fewer or more are read by name", async () => {
  const file = join(directory, "seats.parquet");
  await database.run(
    `copy (select true as is_later, 'A' as account_id, 'S' as seat_id, 'P' as product_id) to '${file}' (format parquet)`,
  );
  const own = await openDatabase();
  try {
    await createLakeViews(own, [{connectionId: "rmm", files: {seats: [file]}}]);
    const {columns} = canonicalTables.seats;
    const nulls = Object.fromEntries(columns.map(({name}) => [name, null]));
    expect(await own.rows("from lake_seats")).toEqual([
      {...nulls, connection_id: "rmm", account_id: "A", product_id: "P", seat_id: "S"},
    ]);
  } finally {
    own.close();
  }
});
