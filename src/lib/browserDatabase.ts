import type * as DuckDB from "@duckdb/duckdb-wasm";
import {mendIntervals} from "./arrowIntervals.js";
import {siteRoot} from "./data.js";
import {queryError, thrownError} from "./queryError.js";

/** Rows of a query, column by column, as Apache Arrow gives them. Decimals are unscaled: cast them in SQL where they are read. */
export type QueryResult = Awaited<ReturnType<DuckDB.AsyncDuckDBConnection["query"]>>;

export interface Run {
  readonly result: QueryResult;
  /** There are more rows than were asked for. */
  readonly isCut: boolean;
}

/** One DuckDB in the browser. Statements run one after another; what they reject with is a QueryError. */
export interface BrowserDatabase {
  /** Runs one or several statements; the rows are those of the last. */
  query(sql: string): Promise<QueryResult>;
  /** The same in steps, so that `cancel` ends it at any time; reading stops after `atMost` rows. */
  run(sql: string, atMost: number): Promise<Run>;
  /** Ends the running statement, which then rejects. */
  cancel(): Promise<void>;
  /** Makes a database file of the site readable as a schema; only the parts that queries need are fetched. Its server must give parts. */
  attach(url: string, name: string): Promise<void>;
  /** Makes the bytes of a database file readable as a schema. */
  attachBytes(bytes: Uint8Array, name: string): Promise<void>;
  /** Bytes of a file that a statement wrote. */
  readFile(name: string): Promise<Uint8Array>;
  /** A result as an Arrow IPC file. */
  toArrow(result: QueryResult): Uint8Array;
  close(): Promise<void>;
}

/** `duckdb.js` as the build makes it: DuckDB, and what of Arrow belongs to the same copy. */
type Library = typeof DuckDB & {
  readonly Table: new (...of: readonly unknown[]) => QueryResult;
  tableToIPC(table: QueryResult, kind: "file"): Uint8Array;
};

/** Whether a type is Arrow's dictionary, or holds one: where rows come in steps, DuckDB leaves out what its numbers stand for. */
function hasDictionary({typeId, children}: QueryResult["schema"]["fields"][number]["type"]): boolean {
  return typeId === -1 || (children ?? []).some(({type}) => hasDictionary(type));
}

async function mustBeThere(address: string): Promise<void> {
  const {ok, status} = await fetch(address, {method: "HEAD"});
  if (!ok) throw new Error(`Its program is not on this site (status ${status}). Build it again.`);
}

function failureOf(worker: Worker): Promise<never> {
  return new Promise((_, reject) => {
    worker.addEventListener("error", () => reject(unloaded()), {once: true});
  });
}

function unloaded(): Error {
  return new Error(
    "Its program could not be loaded, or not as a whole. Reload the page; if that does not help, publish the built site again, as a whole.",
  );
}

async function connect(database: DuckDB.AsyncDuckDB, wasm: string): Promise<DuckDB.AsyncDuckDBConnection> {
  await database.instantiate(wasm);
  await database.open({
    query: {castDurationToTime64: true},
    // Else it asks for `bytes=0-0` first, which some servers answer with the whole file, and then takes that.
    filesystem: {reliableHeadRequests: true, allowFullHTTPReads: false, forceFullHTTPReads: false},
  });
  const connection = await database.connect();
  // Whatever is not built in would be fetched from somebody else's server. Time zones are not: instants are shown in UTC.
  await connection.query("set autoinstall_known_extensions = false; set autoload_known_extensions = false");
  await connection.query("set errors_as_json = true");
  return connection;
}

/** Starts DuckDB from the site's own files, about 7 MB compressed: only pages that run SQL call this. */
export async function openBrowserDatabase(): Promise<BrowserDatabase> {
  const folder = new URL(`${siteRoot()}/_duckdb/`, document.baseURI);
  const wasm = new URL("duckdb-eh.wasm", folder).href;
  // The worker says nothing where its files do not come: whoever waits for it alone waits for ever.
  const [duckdb]: [Library, unknown] = await Promise.all([
    import(new URL("duckdb.js", folder).href).catch(() => Promise.reject(unloaded())),
    mustBeThere(wasm),
  ]);
  const worker = new Worker(new URL("duckdb-browser-eh.worker.js", folder), {type: "module"});
  const database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
  const connection = await Promise.race([connect(database, wasm), failureOf(worker)]).catch((error: Error) => {
    worker.terminate();
    throw error;
  });
  const query = (sql: string): Promise<QueryResult> =>
    connection.query(sql).catch((error: Error) => Promise.reject(queryError(error.message, sql)));
  let isCancelled = false;
  return {
    query,
    async run(sql, atMost) {
      isCancelled = false;
      try {
        const reader = await connection.send(sql, true);
        const batches = [];
        let rows = 0;
        for await (const batch of reader) {
          if (isCancelled) throw new Error("query was canceled");
          const lost = batch.schema.fields.find(({type}) => hasDictionary(type));
          if (lost !== undefined) {
            await connection.cancelSent();
            throw new Error(
              `The values of an ENUM do not come through to the browser: write ${lost.name} as text, with ::varchar.`,
            );
          }
          mendIntervals(batch.data);
          batches.push(batch);
          rows += batch.numRows;
          if (rows > atMost) break;
        }
        const isCut = rows > atMost;
        if (isCut) await connection.cancelSent();
        const result = batches.length === 0 ? new duckdb.Table(reader.schema) : new duckdb.Table(batches);
        return {result: isCut ? result.slice(0, atMost) : result, isCut};
      } catch (error) {
        throw thrownError(error as Error, sql);
      }
    },
    async cancel() {
      isCancelled = true;
      await connection.cancelSent();
    },
    async attach(url, name) {
      await database.registerFileURL(name, url, duckdb.DuckDBDataProtocol.HTTP, false);
      await query(`attach '${name}' as "${name}" (read_only)`);
    },
    async attachBytes(bytes, name) {
      await database.registerFileBuffer(name, bytes);
      await query(`attach '${name}' as "${name}" (read_only)`);
    },
    readFile: (name) => database.copyFileToBuffer(name),
    toArrow(result) {
      // Where rows were cut off, their data was made anew.
      for (const {data} of result.batches) mendIntervals(data);
      return duckdb.tableToIPC(result, "file");
    },
    // Its connection ends with it: an engine that broke down would not answer.
    close: () => database.terminate(),
  };
}
