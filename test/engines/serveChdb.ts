import {createWriteStream} from "node:fs";
import {mkdtemp, readFile, rm} from "node:fs/promises";
import {createServer, type IncomingMessage} from "node:http";
import {createRequire} from "node:module";
import type {AddressInfo} from "node:net";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {pipeline} from "node:stream/promises";

/**
 * Serves the ClickHouse engine that the chdb package embeds over the part of ClickHouse's HTTP interface that its client
 * uses, one request after another: `serveChdb.ts <folder with node_modules/chdb>`. Prints its address.
 */
const [folder = "."] = process.argv.slice(2);
const {Session} = createRequire(join(folder, "package.json"))("chdb");
const work = await mkdtemp(join(tmpdir(), "trueup-chdb-"));
const session = new Session(join(work, "data"), {connectionArgs: ["--max_threads=2"]});
const output = join(work, "output");

/** Parameters of the address that are no settings. */
const others = new Set(["query", "query_id", "database", "session_id", "role"]);

async function answer(request: IncomingMessage): Promise<Buffer> {
  const parameters = new URL(request.url ?? "/", "http://127.0.0.1").searchParams;
  const inAddress = parameters.get("query");
  let sql = inAddress;
  const body = join(work, "body");
  if (sql === null) sql = Buffer.concat(await request.toArray()).toString();
  else await pipeline(request, createWriteStream(body));
  session.query(`use ${parameters.get("database") ?? "default"}`);
  for (const [name, value] of parameters) if (!others.has(name)) session.query(`set ${name} = '${value}'`);
  // What the server reads from the request's body the engine reads from a file.
  sql = sql.replace(/\binput\(('(?:[^']|'')*')\)\s+format Parquet/i, `file('${body}', Parquet, $1)`);
  const [, format] = /\sformat\s+(\w+)\s*;?\s*$/i.exec(sql) ?? [];
  if (format === undefined) {
    session.query(sql);
    return Buffer.alloc(0);
  }
  await rm(output, {force: true});
  session.query(
    `insert into function file('${output}', ${format}) ${sql.slice(0, sql.search(/\sformat\s+\w+\s*;?\s*$/i))}`,
  );
  return readFile(output).catch(() => Buffer.alloc(0));
}

let last: Promise<unknown> = Promise.resolve();
const server = createServer((request, response) => {
  const turn = last.then(async () => {
    try {
      const bytes = await answer(request);
      response.writeHead(200, {"content-length": bytes.length}).end(bytes);
    } catch (error) {
      const text = (error as Error).message;
      const [, code = "1"] = /Code: (\d+)/.exec(text) ?? [];
      response.writeHead(500, {"X-ClickHouse-Exception-Code": code}).end(text);
    }
  });
  last = turn;
});
server.listen(0, "127.0.0.1", () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});
process.once("SIGTERM", async () => {
  session.cleanup();
  await rm(work, {recursive: true, force: true});
  process.exit(0);
});
