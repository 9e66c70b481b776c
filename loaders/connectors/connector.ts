import type {z} from "zod";
import type {TableName} from "../canonical.js";
import type {Redactor} from "./http/redact.js";

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
  /** Settings that are secrets, as paths: `api_secret`, `auth.password`. They stand in workspace.yaml as `${NAME}` only. */
  readonly secrets?: readonly string[];
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
  /** ISO 4217; of prices in `products` and `services`. */
  readonly currency: string;
  /** The instant at which this sync began. */
  readonly now: Date;
  /** What the sync of the current data left; absent where everything is to be read anew. */
  readonly previous?: PreviousSync;
  /** Aborted by Ctrl-C, by the sync's time limit, and once the sync has failed. */
  readonly signal: AbortSignal;
  readonly progress: (event: ProgressEvent) => void;
  /** Knows the connection's secrets; every text that leaves the connector has been through it. */
  readonly redactor: Redactor;
  /** First wait before a request is tried again, in milliseconds. Default: a second. */
  readonly backoff?: number;
  /** Asks as fast as the answers come, whatever the vendor allows: for services that are no vendor's. */
  readonly isUnlimited?: boolean;
}

export interface PreviousSync {
  /** As `SyncOutcome.state` was. */
  readonly state: unknown;
  /** Everything is to be read, though changes could be: to see whether any were missed. */
  readonly isFullDue: boolean;
}

export interface ProgressEvent {
  readonly stream: string;
  readonly rows: number;
  /** Where the vendor tells it. */
  readonly total?: number;
  readonly pages?: number;
}

/** The rows of which these columns have one of these values; all rows without a column. */
export type Where = Readonly<Record<string, readonly string[]>>;

/** Where a connector puts what it read. Each call awaits back-pressure. */
export interface Sink {
  /** Canonical rows of one table; checked against the schema, bad ones quarantined with the reason. Returns how many. */
  write(table: TableName, rows: readonly Record<string, unknown>[], source: RowSource): Promise<number>;
  /** A CSV file that DuckDB reads, checks and converts by itself. */
  writeCsv(table: TableName, file: CsvSource): Promise<void>;
  /** A vendor's answer as it came, for tracing a figure; secrets are taken out. */
  raw(stream: string, answer: string): Promise<void>;
  /** A vendor's record that cannot become a row of the table: quarantined, never dropped in silence. */
  reject(table: TableName, record: RejectedRecord): void;
  /** How many records of a stream were read for the table, and how many of them were rejected: too large a share fails the sync. */
  tally(table: TableName, stream: string, read: number, rejected: number): void;
  /** Takes back rows that this sync wrote; where it is all of them, rejected records of the table too. */
  discard(table: TableName, where: Where): Promise<void>;
  /**
   * Keeps rows of the current data, for what could not be read now or did not change. Rows that this sync writes win. Each call
   * looks through all rows: better one for many accounts than one for each.
   */
  carryOver(table: TableName, where: Where, replaced?: Replaced): Promise<void>;
  /** Rows of the table so far, each key once. */
  count(table: TableName): Promise<number>;
  /** Those of the accounts that have rows of the table so far. */
  accountsWith(table: TableName, accounts: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Rows of the current data that are not kept: their record was read anew, whatever has become of its rows. */
export interface Replaced {
  /** The column with the record's id. Records that this sync has written rows of are replaced. */
  readonly by: string;
  /** Other replaced records, such as removed ones. */
  readonly ids?: Iterable<string>;
}

export interface RejectedRecord {
  /** `GET /users, page 3` */
  readonly place: string;
  /** The vendor's id of the record. */
  readonly id: string;
  /** The vendor's field, where one is to blame. */
  readonly column: string | null;
  readonly value: string | null;
  readonly reason: string;
}

export interface RowSource {
  /** Names the place in messages: `GET /users, page 3`. */
  readonly place: string;
  /** The vendor says that these did not change since the last sync; where they did, the sync's record tells. */
  readonly isUnchanged?: boolean;
}

export interface CsvSource {
  /** Absolute path. */
  readonly path: string;
  /** Canonical column → header in the file, where they differ. */
  readonly columns?: Readonly<Record<string, string>>;
}

/** What became of an account that could not be read. */
export interface FailedPart {
  readonly accountId: string;
  readonly part: string;
  readonly reason: string;
  /** Whether what was read of its use earlier stays in use. */
  readonly hasUsage: boolean;
}

export interface SyncOutcome {
  /** As of when the data is true; decides whether the connection is stale. */
  readonly freshAt: Date;
  /** Parts that could not be read (a tenant, say) while the rest is complete: the sync is `partial`. */
  readonly failedParts?: readonly FailedPart[];
  /** What the next sync needs to read only what changed, as JSON. It is kept with the data and lost with it. */
  readonly state?: unknown;
  /** Whether all of it was read, and nothing taken over as unchanged. Default: yes. */
  readonly isFull?: boolean;
  /** What is odd though it could be read, for the sync's record. */
  readonly notes?: readonly string[];
}
