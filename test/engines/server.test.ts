import {once} from "node:events";
import {mkdtemp, readFile, rm, writeFile} from "node:fs/promises";
import {createServer, type Server as HttpServer, type IncomingMessage} from "node:http";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, expect, it} from "vitest";
import {openServer} from "../../loaders/engines/clickhouse/server.js";

interface Asked {
  readonly sql: string;
  readonly body: string;
  readonly search: URLSearchParams;
  readonly authorization: string | undefined;
}

let folder: string;
let http: HttpServer;
let url: string;
let asked: Asked[];
let answered: string[];
let answer: (sql: string) => {status?: number; text: string} | Promise<never>;

/** What is asked of ClickHouse over HTTP: the query stands in the address where a file is sent. */
async function read(request: IncomingMessage): Promise<Asked> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const {searchParams: search} = new URL(request.url ?? "", "http://h");
  const {authorization} = request.headers;
  const sql = search.get("query");
  return sql === null ? {sql: body, body: "", search, authorization} : {sql, body, search, authorization};
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "trueup-server-"));
  asked = [];
  answered = [];
  answer = () => ({text: ""});
  http = createServer(async (request, response) => {
    const one = await read(request);
    asked.push(one);
    const {status = 200, text} = await answer(one.sql);
    response.statusCode = status;
    // Progress stands in the head, which goes out while the server is still at it.
    response.flushHeaders();
    await new Promise((done) => setTimeout(done, 20));
    response.end(text);
    answered.push(one.sql);
  }).listen(0, "127.0.0.1");
  await once(http, "listening");
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/`;
});
afterEach(async () => {
  http.closeAllConnections();
  http.close();
  await rm(folder, {recursive: true});
});

it("makes a database, works in it as who was named, and removes it in the end", async () => {
  answer = (sql) => ({text: sql.startsWith("select 1") ? '{"a":1}\n{"a":2}\n' : ""});
  const server = await openServer({url, username: "acme", password: "hush"}, "trueup_1");
  await server.run("create table t (a Int32)");
  expect(await server.rows("select 1 as a")).toEqual([{a: 1}, {a: 2}]);
  await server.close();
  const queries = [
    "create database trueup_1",
    "create table t (a Int32)",
    "select 1 as a",
    "drop database if exists trueup_1",
  ];
  expect(asked.map(({sql}) => sql.split(/\s+FORMAT/i)[0]?.trim())).toEqual(queries);
  // The first cannot be asked in what it makes.
  expect(asked.map(({search}) => search.get("database") ?? "default")).toEqual([
    ...["default", "trueup_1", "trueup_1", "trueup_1"],
  ]);
  for (const {authorization, search} of asked) {
    expect(authorization).toBe(`Basic ${Buffer.from("acme:hush").toString("base64")}`);
    expect([search.get("join_use_nulls"), search.get("union_default_mode"), search.get("session_timezone")]).toEqual([
      ...["1", "DISTINCT", "UTC"],
    ]);
  }
});

it("sends files and fetches rows as they are", async () => {
  answer = (sql) => ({text: sql.includes("from totals") ? "PAR1 rows PAR1" : ""});
  const server = await openServer({url}, "trueup_2");
  const file = (name: string) => join(folder, name);
  await writeFile(file("seats.parquet"), "PAR1 seats PAR1");
  await server.upload("insert into t select * from input('a Int32') format Parquet", file("seats.parquet"));
  expect(answered).toHaveLength(2);
  await server.download("select a from totals", file("totals.parquet"));
  const [, sent, fetched] = asked;
  expect([sent?.sql, sent?.body]).toEqual([
    "insert into t select * from input('a Int32') format Parquet",
    "PAR1 seats PAR1",
  ]);
  expect(fetched?.sql.trim()).toBe("select a from totals format Parquet");
  expect(await readFile(file("totals.parquet"), "utf8")).toBe("PAR1 rows PAR1");
  await server.close();
});

it("says of which server that it cannot be used, and fails where a query does or the run is stopped", async () => {
  answer = () => ({status: 403, text: "Code: 516. Authentication failed."});
  await expect(openServer({url}, "trueup_3")).rejects.toThrow(
    /^ClickHouse at http:.* cannot be used: .*Authentication failed/s,
  );
  answer = (sql) => (sql.startsWith("create database") ? {text: ""} : {status: 404, text: "Code: 60. Unknown table."});
  const stop = new AbortController();
  const server = await openServer({url, signal: stop.signal}, "trueup_3");
  await writeFile(join(folder, "a"), "a");
  const all = [
    () => server.run("select 1"),
    () => server.rows("select 1"),
    () => server.upload("insert", join(folder, "a")),
    () => server.download("select 1", join(folder, "b")),
  ];
  for (const asking of all) await expect(asking()).rejects.toThrow("Unknown table");
  const before = asked.length;
  stop.abort(new Error("Stopped."));
  answer = () => ({text: ""});
  for (const asking of all) await expect(asking()).rejects.toThrow("Stopped.");
  expect(asked.length).toBe(before);
  // What was made is removed all the same.
  await server.close();
  expect(asked.at(-1)?.sql).toContain("drop database if exists trueup_3");
});

it("ends a query where the run is stopped while the server is at it", async () => {
  const stop = new AbortController();
  const server = await openServer({url, signal: stop.signal}, "trueup_4");
  answer = () => {
    stop.abort();
    return new Promise<never>(() => {});
  };
  await expect(server.run("select sleep(3600)")).rejects.toThrow(/abort/i);
  answer = () => ({text: ""});
  await server.close();
});
