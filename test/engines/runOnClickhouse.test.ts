import {once} from "node:events";
import {mkdir, mkdtemp, readdir, readFile, rm} from "node:fs/promises";
import {createServer, type Server} from "node:http";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {type Database, openDatabase} from "../../loaders/database.js";
import {runOnClickhouse} from "../../loaders/engines/clickhouse/runOnClickhouse.js";
import type {MartInputs, MartOptions, RunPlan} from "../../loaders/marts/marts.js";
import type {Model} from "../../loaders/marts/models.js";
import {previewLimit} from "../../loaders/marts/previewFiles.js";

let folder: string;
let database: Database;
let http: Server;
let asked: string[];
/** What a check finds. */
let broken: string;
/** What the server refuses, and with which words. */
let refused: readonly (readonly [RegExp, string])[];
/** Called with every query, before it is answered. */
let seen: (sql: string) => void;

const totals = {
  ...{name: "totals", layer: "marts", sql: "select 'USD' as currency, 1 as place", file: "marts/totals.sql", reads: []},
  doc: {
    ...{description: "", key: ["currency"], order: ["place"]},
    columns: [
      {name: "currency", type: "VARCHAR", description: ""},
      {name: "place", type: "BIGINT", description: ""},
    ],
  },
} as unknown as Model;
const check = {
  ...{name: "none", layer: "checks", sql: "select 1 as a", file: "checks/none.sql", reads: []},
  doc: {description: "There is none.", key: [], order: [], columns: []},
} as unknown as Model;
const mappingFiles = {clients: "a", services: "b", exclusions: "c", prices: "d", decisions: "e"};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-on-clickhouse-"));
  for (const name of ["scratch", "next"]) await mkdir(join(folder, name));
  database = await openDatabase();
  await database.run(`create view lake_seats as select '' as connection_id from range(${previewLimit + 1})`);
  // As ClickHouse sends them: in no order, and of other types.
  await database.run(
    `copy (select * from (values ('USD', 3), ('CAD', 1), ('EUR', 2)) as rows(currency, place)) to '${join(folder, "sent")}' (format parquet)`,
  );
  asked = [];
  broken = "";
  refused = [];
  seen = () => {};
  http = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const sql = new URL(request.url ?? "", "http://h").searchParams.get("query") ?? body;
    asked.push(sql);
    seen(sql);
    const [, refusal] = refused.find(([query]) => query.test(sql)) ?? [];
    if (refusal !== undefined) response.writeHead(500).end(refusal);
    else if (/from totals\s+format Parquet/.test(sql)) response.end(await readFile(join(folder, "sent")));
    else response.end(sql.includes("select 1 as a") ? broken : "");
  }).listen(0, "127.0.0.1");
  await once(http, "listening");
});
afterEach(async () => {
  database.close();
  http.closeAllConnections();
  http.close();
  await rm(folder, {recursive: true});
});

function run(write: boolean, signal?: AbortSignal) {
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const options = {
    models: [totals, check],
    macros: "",
    scratch: join(folder, "scratch"),
    next: write ? join(folder, "next") : null,
  };
  return runOnClickhouse({url, signal})(
    database,
    {lake: [], mappingFiles} as unknown as MartInputs,
    {...options, signal} as unknown as MartOptions & RunPlan,
  );
}

const places = (from: string) => database.rows(`select currency, place, typeof(place) as type from ${from}`);
const fetched = [
  {currency: "CAD", place: "1", type: "BIGINT"},
  {currency: "EUR", place: "2", type: "BIGINT"},
  {currency: "USD", place: "3", type: "BIGINT"},
];
const namesOf = (sql: RegExp) => asked.flatMap((text) => sql.exec(text)?.[1] ?? []);

it("writes what it fetched as DuckDB would have, says that more is in the lake than a browser tries, and leaves nothing on the server", async () => {
  expect(await run(true)).toEqual([]);
  expect(await places(`'${join(folder, "next", "totals.parquet")}'`)).toEqual(fetched);
  expect((await readdir(join(folder, "next"), {recursive: true})).sort()).toEqual([
    ...["preview", "preview/mappings.json", "preview/preview.json", "totals.parquet"],
  ]);
  const read = async (name: string) => JSON.parse(await readFile(join(folder, "next", "preview", name), "utf8"));
  const seats = previewLimit + 1;
  expect(await read("preview.json")).toEqual({rows: seats, seats, limit: previewLimit, fits: false, models: null});
  expect(await read("mappings.json")).toEqual(mappingFiles);
  const [made] = namesOf(/^create database (trueup_[0-9a-f]{32})$/);
  expect(namesOf(/^drop database if exists (\w+)/)).toEqual([made]);
});

it("gives what it fetched to who only looks, and writes nothing", async () => {
  expect(await run(false)).toEqual([]);
  expect(await places("totals order by place")).toEqual(fetched);
  expect(await readdir(join(folder, "next"))).toEqual([]);
});

it("says what is broken, and writes nothing of it", async () => {
  broken = '{"a":1}\n';
  expect(await run(true)).toEqual(['There is none. Broken by {"a":1}']);
  expect(await readdir(join(folder, "next"))).toEqual([]);
  expect(namesOf(/^(drop database)/)).toHaveLength(1);
});

it.each([/create table totals/, /from totals\s+format Parquet/, /^drop database/])(
  "ends where it is stopped at %s",
  async (moment) => {
    const stop = new AbortController();
    seen = (sql) => {
      if (moment.test(sql)) stop.abort(new Error("Stopped."));
    };
    await expect(run(true, stop.signal)).rejects.toThrow(/^Stopped\.$/);
    expect(await readdir(join(folder, "next"))).toEqual([]);
    expect(namesOf(/^(drop database)/)).toHaveLength(1);
  },
);

it("says what went wrong first where the server does not remove its database either", async () => {
  refused = [
    [/create table totals/, "Code: 241. Memory limit exceeded."],
    [/^drop database/, "Code: 236. Server shuts down."],
  ];
  await expect(run(true)).rejects.toThrow("Memory limit exceeded");
});

it("says which database stays on the server where it does not remove it", async () => {
  refused = [[/^drop database/, "Code: 497. Not enough privileges."]];
  await expect(run(true)).rejects.toThrow(
    /^ClickHouse at http:\S+ does not remove the database trueup_[0-9a-f]{32}, which a run made\. Drop it by hand: .*Not enough privileges/s,
  );
});
