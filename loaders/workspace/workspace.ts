import {resolve} from "node:path";
import {z} from "zod";
import {at as valueAt} from "../at.js";
import {connectors, findConnector} from "../connectors/index.js";
import type {Environment} from "../environment.js";
import {isDeviceName} from "../files/deviceNames.js";
import {readStorageAccess, type StorageAccess} from "../lake/objectStorage.js";
import {ConfigurationError, type Problem} from "../problems.js";
import {type Connection, findLiteralSecrets} from "./connectionSettings.js";
import {inPlainWords} from "./schemaMessages.js";
import {fileName, type LineAt, problemsOf, readWorkspaceFile, suggestionOf} from "./workspaceFile.js";

export interface Workspace {
  /** Absolute path. */
  readonly directory: string;
  readonly name: string;
  readonly currency: string;
  /** The instant that everything is worked out for: the end of the day where only a date was given. */
  readonly asOf: Date;
  /** Its UTC date, YYYY-MM-DD. */
  readonly asOfDate: string;
  /** Whether that instant is now, because nobody named another. */
  readonly isAsOfNow: boolean;
  readonly inactiveAfterDays: number;
  readonly staleAfterHours: number;
  readonly billedBasis: "auto" | "invoice" | "agreement";
  /** Where the lake lies in object storage, `s3://bucket/prefix`; null: in the folder `lake/` of the workspace. */
  readonly lake: string | null;
  /** How to get at it there; null where it is a folder. */
  readonly storage: StorageAccess | null;
  readonly keepSyncs: number;
  /** Days after which everything is read anew, where otherwise only changes are. */
  readonly fullSyncDays: number;
  /** Minutes that the sync of one connection may take. */
  readonly syncTimeoutMinutes: number;
  readonly connections: readonly Connection[];
}

export interface WorkspaceOptions {
  readonly now?: Date;
  /** Wins over `as_of` in the file. */
  readonly asOf?: string;
  /** Has the keys of object storage, where the lake lies there. */
  readonly env?: Environment;
}

const connectionSchema = z.looseObject({
  id: z
    .string()
    .regex(/^[a-z0-9-]+$/, {error: "expected small letters, digits and hyphens, such as m365"})
    .refine((id) => !isDeviceName(id), {
      error: ({input}) =>
        `expected another name: Windows has no folder called ${input}, so take one such as ${input}-1`,
    }),
  connector: z.string(),
  reports_activity: z.boolean().optional(),
});

/** What workspace.yaml may hold; what else a connection takes says its connector. */
export const workspaceSchema = z.strictObject({
  name: z.string().min(1),
  currency: z.string().regex(/^[A-Z]{3}$/, {
    error: "expected an ISO 4217 code in capitals, such as USD",
  }),
  as_of: z.string().optional(),
  inactive_after_days: z.int().min(1).default(21),
  stale_after_hours: z.int().min(1).default(24),
  billed_basis: z.enum(["auto", "invoice", "agreement"]).default("auto"),
  lake: z
    .string()
    .regex(/^s3:\/\/[a-z0-9][a-z0-9.-]+(\/[\w.=-]+)*\/?$/, {
      error: "expected a bucket and a place in it, such as s3://acme-lake/trueup; keys stand in the environment",
    })
    .optional(),
  keep_syncs: z.int().min(1).default(10),
  full_sync_days: z.int().min(0).default(7),
  // Timers take at most 24 days.
  sync_timeout_minutes: z.int().min(1).max(35_000).default(120),
  connections: z.array(connectionSchema).min(1, {error: "expected at least the PSA's connection"}),
});

/**
 * Reads and checks workspace.yaml. Throws a ConfigurationError that lists everything wrong with file and line.
 */
export async function readWorkspace(
  directory: string,
  {now = new Date(), asOf, env = {}}: WorkspaceOptions = {},
): Promise<Workspace> {
  const folder = resolve(directory);
  const {written, at} = await readWorkspaceFile(directory);
  if (folder.includes("?")) {
    const message = "the path has a question mark, where the database takes it to end.";
    throw new ConfigurationError([{file: folder, message, remedy: "Rename the folder."}]);
  }
  const parsed = workspaceSchema.safeParse(written, {error: inPlainWords});
  const problems: Problem[] = [];
  if (!parsed.success) {
    // Whatever else stands in a connection, or in an address, may be a secret.
    const isHarmless = (path: readonly PropertyKey[]) =>
      path[0] === "connections" ? ["id", "connector"].includes(String(path[2])) : path[0] !== "lake";
    const shown = (path: readonly PropertyKey[]) =>
      isHarmless(path) ? valueAt(written, ...path.map(String)) : undefined;
    problems.push(...problemsOf(parsed.error, {at, shown, written, schema: workspaceSchema}));
  }
  // Each by itself: what is wrong elsewhere in the file hides nothing of them.
  const connections = namedConnections(written).map(([connection, index]) =>
    parseConnection(connection, index, at, problems),
  );
  const listed = workspaceSchema.shape.connections.safeParse(valueAt(written, "connections"));
  if (listed.success) problems.push(...findMisfits(listed.data, at));
  const moment = asOf ?? writtenMoment(written);
  const instant = moment === undefined ? now : parseAsOf(moment);
  if (instant === null) {
    problems.push({
      file: asOf === undefined ? fileName : "--as-of",
      line: asOf === undefined ? at(["as_of"]) : undefined,
      column: asOf === undefined ? "as_of" : undefined,
      value: moment,
      message: "expected a real date such as 2026-11-23, or a time with its offset such as 2026-11-23T12:00:00Z.",
    });
  }
  if (problems.length > 0 || !parsed.success) {
    throw new ConfigurationError(problems.sort((a, b) => (a.line ?? 0) - (b.line ?? 0)));
  }
  const lake = parsed.data.lake?.replace(/\/$/, "") ?? null;
  return {
    directory: folder,
    name: parsed.data.name,
    currency: parsed.data.currency,
    asOf: instant as Date,
    asOfDate: (instant as Date).toISOString().slice(0, 10),
    isAsOfNow: moment === undefined,
    inactiveAfterDays: parsed.data.inactive_after_days,
    staleAfterHours: parsed.data.stale_after_hours,
    billedBasis: parsed.data.billed_basis,
    lake,
    storage: lake === null ? null : readStorageAccess(env),
    keepSyncs: parsed.data.keep_syncs,
    fullSyncDays: parsed.data.full_sync_days,
    syncTimeoutMinutes: parsed.data.sync_timeout_minutes,
    connections: connections.filter((connection) => connection !== null),
  };
}

/** Connections that name their connector, with their place in the list. */
function namedConnections(written: unknown): (readonly [z.infer<typeof connectionSchema>, number])[] {
  const listed = valueAt(written, "connections");
  if (!Array.isArray(listed)) return [];
  return listed.flatMap((connection, index) =>
    typeof valueAt(connection, "connector") === "string" ? [[connection, index] as const] : [],
  );
}

function writtenMoment(written: unknown): string | undefined {
  const moment = valueAt(written, "as_of");
  return typeof moment === "string" ? moment : undefined;
}

function parseConnection(
  written: z.infer<typeof connectionSchema>,
  index: number,
  at: LineAt,
  problems: Problem[],
): Connection | null {
  const {id, connector: name, reports_activity, ...settings} = written;
  const connector = findConnector(name);
  if (connector === undefined) {
    const known = Object.keys(connectors);
    problems.push({
      file: fileName,
      line: at(["connections", index, "connector"]),
      column: `connections.${index}.connector`,
      value: name,
      message: "there is no such connector.",
      remedy: `${suggestionOf(name, known)}Known are ${known.join(", ")}.`,
    });
    return null;
  }
  const checked = connector.settings.safeParse(settings, {error: inPlainWords});
  if (!checked.success) {
    const schema = z.union([connector.settings, connectionSchema]);
    problems.push(...problemsOf(checked.error, {at, prefix: ["connections", index], written, schema}));
  }
  problems.push(...findLiteralSecrets(connector, settings, index, at));
  return {id, connector, reportsActivity: reports_activity ?? null, settings};
}

function findMisfits(connections: readonly z.infer<typeof connectionSchema>[], at: LineAt): Problem[] {
  const problems: Problem[] = [];
  connections.forEach(({id}, index) => {
    if (connections.findIndex((other) => other.id === id) < index) {
      problems.push({
        file: fileName,
        line: at(["connections", index, "id"]),
        column: `connections.${index}.id`,
        value: id,
        message: "another connection has this id.",
        remedy: "Give each its own: it names the folder in the lake.",
      });
    }
  });
  const psas = connections.filter(({connector}) => findConnector(connector)?.side === "psa");
  if (psas.length !== 1 && connections.every(({connector}) => findConnector(connector) !== undefined)) {
    problems.push({
      file: fileName,
      line: at(["connections"]),
      column: "connections",
      message: `expected exactly one PSA connection, found ${psas.length}.`,
      remedy: "One connection says what is billed, the others what is used.",
    });
  }
  return problems;
}

/** `2026-11-23` → the last millisecond of that UTC day; a time → itself; anything else → null. */
function parseAsOf(text: string): Date | null {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
  if (!isDate && !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const instant = new Date(isDate ? `${text}T23:59:59.999Z` : text);
  if (Number.isNaN(instant.getTime())) return null;
  const midnight = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  const isReal = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text.slice(0, 10));
  return isReal ? instant : null;
}
