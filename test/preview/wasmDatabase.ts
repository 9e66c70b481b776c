import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import type {BrowserDatabase} from "../../src/lib/browserDatabase.js";

const require = createRequire(import.meta.url);

/** The engine that the site gives to browsers, run by Node: the very same file of WebAssembly. */
export async function openWasmDatabase(): Promise<Pick<BrowserDatabase, "query" | "attachBytes" | "close">> {
  const dist = dirname(require.resolve("@duckdb/duckdb-wasm"));
  const duckdb: typeof import("@duckdb/duckdb-wasm/blocking") = require("@duckdb/duckdb-wasm/blocking");
  const engine = join(dist, "duckdb-eh.wasm");
  const database = await duckdb.createDuckDB(
    {mvp: {mainModule: engine, mainWorker: ""}, eh: {mainModule: engine, mainWorker: ""}},
    new duckdb.VoidLogger(),
    duckdb.NODE_RUNTIME,
  );
  await database.instantiate(() => {});
  database.open({query: {castDurationToTime64: true}});
  const connection = database.connect();
  connection.query("set autoinstall_known_extensions = false; set autoload_known_extensions = false");
  return {
    query: async (sql) => connection.query(sql) as Awaited<ReturnType<BrowserDatabase["query"]>>,
    async attachBytes(bytes, name) {
      database.registerFileBuffer(name, bytes);
      connection.query(`attach '${name}' as "${name}" (read_only)`);
    },
    async close() {
      connection.close();
      database.reset();
    },
  };
}
