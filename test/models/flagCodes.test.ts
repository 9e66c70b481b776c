import {readFile} from "node:fs/promises";
import {expect, it} from "vitest";
import {openDatabase} from "../../loaders/database.js";
import {severities} from "../reference/flags.js";

const read = (path: string) => readFile(new URL(`../../${path}`, import.meta.url), "utf8");

/** Each code of flag_codes.sql with its severity. */
async function modelled(): Promise<Record<string, unknown>> {
  const database = await openDatabase({threads: 1});
  const rows = await database.rows(await read("data/models/flags/flag_codes.sql"));
  database.close();
  return Object.fromEntries(rows.map((row) => [row.flag_code, row.severity]));
}

it("the reference works out every flag, with the severity of flag_codes.sql", async () => {
  expect(severities).toEqual(await modelled());
});

it("the guide explains every flag, with the severity of flag_codes.sql", async () => {
  const [, table = ""] = /\n## Flags\n(.*?)\n## /s.exec(await read("src/guide.md")) ?? [];
  const rows = [...table.matchAll(/^\| ([^|]+?) +\| (error|warning|info) /gm)];
  const explained = rows.flatMap(([, names = "", severity]) =>
    names.split(", ").map((name) => [name.replaceAll(" ", "_"), severity]),
  );
  expect(Object.fromEntries(explained)).toEqual(await modelled());
});

it("the sample raises every flag of flag_codes.sql", async () => {
  const {flags} = JSON.parse(await read("data/sample/answer-key.json")) as {flags: {flag_code: string}[]};
  expect([...new Set(flags.map((flag) => flag.flag_code))].sort()).toEqual(Object.keys(await modelled()).sort());
});
