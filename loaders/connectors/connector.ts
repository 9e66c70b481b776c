import type {z} from "zod";
import type {TableName} from "../canonical.js";

/**
 * A connector turns one vendor's data into canonical tables. It knows its vendor and the canonical schema,
 * nothing of SQL, of mappings or of other connectors.
 */
export interface Connector<Settings = unknown> {
  /** The value of `connector:` in workspace.yaml. */
  readonly name: string;
  readonly side: "psa" | "usage";
  /** One sentence for the list of connectors. */
  readonly description: string;
  /** The connection's settings besides `id` and `connector`, each with a description. */
  readonly settings: z.ZodType<Settings>;
  /** One cheap authenticated read: says who the credentials belong to and what they may read. */
  test?(context: ConnectorContext<Settings>): Promise<string>;
  /** Reads everything once. Ends normally only when all of it has been handed over. */
  sync(context: ConnectorContext<Settings>, sink: Sink): Promise<SyncOutcome>;
}

export interface ConnectorContext<Settings = unknown> {
  readonly connectionId: string;
  readonly settings: Settings;
  /** The workspace folder; relative paths in settings start here. */
  readonly workspace: string;
  /** The instant at which this sync began. */
  readonly now: Date;
  /** Aborted by Ctrl-C and by the sync's time limit. */
  readonly signal: AbortSignal;
  readonly progress: (event: ProgressEvent) => void;
}

export interface ProgressEvent {
  readonly stream: string;
  readonly rows: number;
  /** Where the vendor tells it. */
  readonly total?: number;
  readonly pages?: number;
}

/** Where a connector puts what it read. Each call awaits back-pressure. */
export interface Sink {
  /** Canonical rows of one table; checked against the schema, bad ones quarantined with the reason. */
  write(table: TableName, rows: readonly Record<string, unknown>[], source: RowSource): Promise<void>;
  /** A CSV file that DuckDB reads, checks and converts by itself. */
  writeCsv(table: TableName, file: CsvSource): Promise<void>;
  /** A response as it came, for tracing a figure; never with secrets in it. */
  raw(stream: string, records: readonly unknown[]): Promise<void>;
}

export interface RowSource {
  /** Names the place in messages: `GET /users, page 3`. */
  readonly place: string;
}

export interface CsvSource {
  /** Absolute path. */
  readonly path: string;
  /** Canonical column → header in the file, where they differ. */
  readonly columns?: Readonly<Record<string, string>>;
}

export interface SyncOutcome {
  /** As of when the data is true; decides whether the connection is stale. */
  readonly freshAt: Date;
  /** Parts that could not be read (a tenant, say) while the rest is complete: the sync is `partial`. */
  readonly failedParts?: readonly {
    readonly part: string;
    readonly reason: string;
  }[];
}
