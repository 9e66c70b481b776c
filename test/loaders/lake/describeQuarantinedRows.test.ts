import {mkdir, mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {literal, openDatabase} from "../../../loaders/database.js";
import type {SyncRecord} from "../../../loaders/lake/lake.js";
import {describeQuarantinedRows} from "../../../loaders/lake/quarantine.js";

let directory: string;
let file: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-refused-"));
  await mkdir(join(directory, "lake", "rmm", "1"), {recursive: true});
  file = join(directory, "lake", "rmm", "1", "quarantine.parquet");
});
afterEach(() => rm(directory, {recursive: true, force: true}));

const told = (rows_quarantined: number) =>
  describeQuarantinedRows({directory}, {connection_id: "rmm", sync_id: "1", rows_quarantined} as SyncRecord);

const columns = ["file", "line", "record", "column", "value", "reason"];

async function write(...rows: readonly (string | number | null)[][]): Promise<void> {
  const database = await openDatabase();
  const values = rows.map((row) => row.map((one) => (typeof one === "string" ? literal(one) : String(one))).join(", "));
  const names = columns.map((name) => `"${name}"`).join(", ");
  await database.run(
    `copy (from (values ${values.map((row) => `(${row})`).join(", ")}) as t(${names})) to ${literal(file)}`,
  );
  database.close();
}

it("says of the first rows where each stands and what is wrong, as far as that is known", async () => {
  await write(
    ["seats.csv", 7, null, "kind", "laptop", "expected user"],
    ["GET /users?fields=id%2Cemail", null, "id 7", "email", null, "a value is required"],
    ["GET /users", null, "id 8", "name", '"A\\nB"', "expected a name"],
    ["GET /users", null, "id 9", null, null, "expected a record"],
  );
  expect(await told(4)).toEqual([
    'seats.csv:7 kind "laptop": expected user',
    "GET /users email: a value is required (id 7)",
    'GET /users name "A\\nB": expected a name (id 8)',
    `see ${file}`,
  ]);
});

it("lets nothing in a row steer the terminal or go on for ever", async () => {
  const hostile = "a\u001b[2J\nb";
  await write([hostile, 1, hostile, hostile, hostile, "x".repeat(300)], ["a", 2, null, "b", "c", hostile]);
  const [first = "", second] = await told(2);
  expect(first).toBe(`a [2J b:1 a [2J b "a [2J\\nb": ${"x".repeat(199)}…`);
  expect(second).toBe('a:2 b "c": a [2J b');
});

it("says nothing where no row was refused, and where they would be if their file is gone", async () => {
  expect(await told(0)).toEqual([]);
  expect(await told(2)).toEqual([`see ${file}`]);
});
