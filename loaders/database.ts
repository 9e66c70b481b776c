import {type DuckDBConnection, DuckDBInstance, DuckDBTimestampTZValue, type DuckDBValue} from "@duckdb/node-api";

export {literal} from "../src/lib/sqlText.js";

export interface DatabaseOptions {
  readonly threads?: number;
  /** As DuckDB writes it: `4GB`. */
  readonly memoryLimit?: string;
  /** Where what does not fit into memory goes. */
  readonly tempDirectory?: string;
}

export interface Database {
  readonly connection: DuckDBConnection;
  /** Runs statements for their effect. */
  run(sql: string, values?: DuckDBValue[]): Promise<void>;
  /** Rows as objects; decimals, big integers, dates and times as strings. */
  rows(sql: string): Promise<Record<string, unknown>[]>;
  /** A further connection to the same tables, for statements at the same time. */
  connect(): Promise<Database>;
  close(): void;
}

/** Opens an in-memory DuckDB whose results do not depend on the machine's time zone. */
export async function openDatabase({threads, memoryLimit, tempDirectory}: DatabaseOptions = {}): Promise<Database> {
  // The library writes instants as texts with the offset of the machine, whatever the session's time zone.
  DuckDBTimestampTZValue.timezoneOffsetInMinutes = 0;
  const instance = await DuckDBInstance.create(":memory:", {
    ...(threads === undefined ? {} : {threads: String(threads)}),
    ...(memoryLimit === undefined ? {} : {memory_limit: memoryLimit}),
    ...(tempDirectory === undefined ? {} : {temp_directory: tempDirectory}),
  });
  const first = await connect(instance);
  return {
    ...first,
    close() {
      first.close();
      instance.closeSync();
    },
  };
}

async function connect(instance: DuckDBInstance): Promise<Database> {
  const connection = await instance.connect();
  await connection.run("set TimeZone = 'UTC'");
  return {
    connection,
    async run(sql, values) {
      await connection.run(sql, values);
    },
    async rows(sql) {
      const reader = await connection.runAndReadAll(sql);
      return reader.getRowObjectsJson() as Record<string, unknown>[];
    },
    connect: () => connect(instance),
    close() {
      connection.closeSync();
    },
  };
}

/** A quoted identifier for SQL. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * How Parquet files are written. Texts that hardly repeat are not worth a dictionary, and it takes time to find out. The first
 * level of zstd takes three quarters of the usual level's time for seats, and their file is no larger.
 */
export const parquetFormat = "(format parquet, compression zstd, compression_level 1, dictionary_size_limit 4096)";
