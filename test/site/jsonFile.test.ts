import {existsSync} from "node:fs";
import {mkdtemp, readFile, rm, symlink} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {type Database, openDatabase} from "../../loaders/database.js";
import {openDataFolder, writeJson} from "../../loaders/site/data/jsonFile.js";
import {rowsOf, type Table} from "../../src/lib/rows.js";

let folder: string;
let database: Database;
const many = {sql: "select range as n, md5(cast(range as varchar)) as text from range(300000)", order: "n"};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-json-"));
  database = await openDatabase();
});
afterAll(async () => {
  database.close();
  await rm(folder, {recursive: true, force: true});
});

it("writes values and tables of many blocks, and takes a fingerprint of what it wrote", async () => {
  const [data, again] = [openDataFolder(folder), openDataFolder(folder)];
  await writeJson(data, "deep/file", database, {facts: [1, null], rows: many});
  const text = await readFile(join(folder, "deep", "file.json"), "utf8");
  const {facts, rows} = JSON.parse(text) as {facts: unknown; rows: Table};
  expect(facts).toEqual([1, null]);
  expect(rowsOf(rows)).toHaveLength(300_000);
  expect(rowsOf(rows)[299_999]).toEqual({n: "299999", text: "94cfaff110fc9899a3a99fbea38735a4"});
  again.hash.update(text);
  expect(data.hash.digest("hex")).toBe(again.hash.digest("hex"));
});

it("fails where a query does", async () => {
  await expect(
    writeJson(openDataFolder(folder), "broken", database, {rows: {sql: "select 1 as n", order: "m"}}),
  ).rejects.toThrow("m");
});

it.skipIf(!existsSync("/dev/full"))("fails where the disk is full, and not beside whoever waits for it", async () => {
  await symlink("/dev/full", join(folder, "full.json"));
  const writing = writeJson(openDataFolder(folder), "full", database, {rows: many});
  await expect(writing).rejects.toThrow("ENOSPC");
});
