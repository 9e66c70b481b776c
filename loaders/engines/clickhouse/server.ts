import {createReadStream, createWriteStream} from "node:fs";
import {finished, pipeline} from "node:stream/promises";
import {ClickHouseLogLevel, createClient} from "@clickhouse/client";

export interface ServerOptions {
  /** `https://clickhouse.example:8443` */
  readonly url: string;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A ClickHouse server with a database of its own for one run. */
export interface Server {
  run(sql: string): Promise<void>;
  rows(sql: string): Promise<Record<string, unknown>[]>;
  /** Runs an insert that reads a local Parquet file: `insert into t select … from input('…') format Parquet`. */
  upload(sql: string, path: string): Promise<void>;
  /** Writes the rows of a query into a local Parquet file. */
  download(sql: string, path: string): Promise<void>;
  close(): Promise<void>;
}

/** What makes ClickHouse read SQL as the standard and DuckDB do: nulls where a join finds nothing, sums of nothing null, union without duplicates. */
const settings = {
  join_use_nulls: 1,
  cast_keep_nullable: 1,
  data_type_default_nullable: 1,
  aggregate_functions_null_for_empty: 1,
  union_default_mode: "DISTINCT",
  prefer_column_name_to_alias: 1,
  enable_materialized_cte: 1,
  session_timezone: "UTC",
  // Its days end in 2299, and contracts without an end may have one on 9999-12-31.
  date_time_overflow_behavior: "saturate",
  // A long query keeps the connection alive by telling how far it is.
  send_progress_in_http_headers: 1,
  http_headers_progress_interval_ms: "20000",
} as const;

const hour = 3_600_000;

/** Connects and makes the database; `close` removes it again. */
export async function openServer({url, username, password, signal}: ServerOptions, database: string): Promise<Server> {
  const options = {
    url,
    username,
    password,
    request_timeout: hour,
    clickhouse_settings: settings,
    // What goes wrong is thrown and said once.
    log: {level: ClickHouseLogLevel.OFF},
  };
  // A signal that is aborted already is nothing to the client.
  const stoppable = (): {abort_signal: AbortSignal | undefined} => {
    signal?.throwIfAborted();
    return {abort_signal: signal};
  };
  const setup = createClient(options);
  try {
    await setup.command({query: `create database ${database}`, abort_signal: signal});
  } catch (error) {
    throw new Error(`ClickHouse at ${url} cannot be used: ${(error as Error).message}`, {cause: error});
  } finally {
    await setup.close();
  }
  const client = createClient({...options, database});
  return {
    async run(sql) {
      await client.command({query: sql, ...stoppable()});
    },
    async rows(sql) {
      const result = await client.query({query: sql, format: "JSONEachRow", ...stoppable()});
      return result.json();
    },
    async upload(sql, path) {
      const {stream} = await client.exec({query: sql, ...stoppable(), values: createReadStream(path)});
      await finished(stream.resume());
    },
    async download(sql, path) {
      const {stream} = await client.exec({query: `${sql} format Parquet`, ...stoppable()});
      await pipeline(stream, createWriteStream(path));
    },
    async close() {
      try {
        await client.command({query: `drop database if exists ${database}`});
      } catch (error) {
        throw new Error(
          `ClickHouse at ${url} does not remove the database ${database}, which a run made. Drop it by hand: ${(error as Error).message}`,
          {cause: error},
        );
      } finally {
        await client.close();
      }
    },
  };
}
