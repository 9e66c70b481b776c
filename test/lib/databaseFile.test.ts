import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterAll, beforeAll, expect, it} from "vitest";
import {literal, openDatabase} from "../../loaders/database.js";
import {beginning, requireWhole} from "../../src/lib/databaseFile.js";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-database-"));
});
afterAll(() => rm(folder, {recursive: true}));

/** Bytes of a database that was written to in so many goes. */
async function written(name: string, options: string, goes: number): Promise<Uint8Array> {
  const file = join(folder, name);
  const database = await openDatabase();
  await database.run(`attach ${literal(file)} as site ${options}`);
  for (let go = 0; go < goes; go++) {
    await database.run(`create table site.t${go} as select i, 'number ' || i as name from range(100000) as t(i)`);
    await database.run("checkpoint site");
  }
  await database.run("detach site");
  database.close();
  return readFile(file);
}

function faultOf(bytes: Uint8Array, size = bytes.length): string | null {
  try {
    requireWhole("trueup.duckdb", bytes, size);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}

it.each([
  ["small blocks", "(block_size 16384)", 1],
  ["usual blocks", "", 1],
  ["usual blocks, written twice", "", 2],
  ["usual blocks, written three times", "", 3],
  ["no table", "", 0],
])("tells a database with %s that is whole from one of which a byte is missing", async (name, options, goes) => {
  const bytes = await written(`${name}.duckdb`, options, goes);
  expect(faultOf(bytes)).toBeNull();
  const short = bytes.subarray(0, bytes.length - 1);
  const fault = short.length < beginning ? "is not a valid DuckDB database file" : "Of trueup.duckdb only ";
  expect(faultOf(short)).toContain(fault);
});

it("tells by the beginning and the size alone, and says how much is there", async () => {
  const bytes = await written("sizes.duckdb", "(block_size 16384)", 1);
  const size = bytes.length;
  expect(faultOf(bytes.subarray(0, beginning), size)).toBeNull();
  const [some, all] = [size - 1000, size].map((one) => one.toLocaleString("en-US"));
  expect(faultOf(bytes.subarray(0, beginning), size - 1000)).toContain(`Of trueup.duckdb only ${some} of ${all} bytes`);
});

it("takes neither a page that asks people to sign in nor a few bytes for a database", () => {
  for (const text of ["", "<!doctype html>", "<p>Sign in</p>".repeat(5000), `        DUCK${" ".repeat(100)}`]) {
    expect(faultOf(new TextEncoder().encode(text)), text.slice(0, 20)).toContain("is not a valid DuckDB database file");
  }
});
