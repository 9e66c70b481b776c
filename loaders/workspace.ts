import {readFile} from "node:fs/promises";
import {join, resolve} from "node:path";
import {type Document, isNode, LineCounter, parseDocument, type YAMLError} from "yaml";
import {z} from "zod";
import {at as valueAt} from "./at.js";
import {type AnyConnector, connectors, findConnector} from "./connectors/index.js";
import {readStorageAccess, type StorageAccess} from "./objectStorage.js";
import {ConfigurationError, type Problem} from "./problems.js";
import {inPlainWords} from "./schemaMessages.js";
import {describeSystemError} from "./systemErrors.js";

/** One connection of workspace.yaml. */
export interface Connection {
  readonly id: string;
  readonly connector: AnyConnector;
  readonly reportsActivity: boolean | null;
  /** As written, with `${NAME}` still in it; secrets are resolved only by the sync that needs them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

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
  readonly env?: Readonly<Record<string, string | undefined>>;
}

const fileName = "workspace.yaml";

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

const connectionSchema = z.looseObject({
  id: z.string().regex(/^[a-z0-9-]+$/, {
    error: "expected small letters, digits and hyphens, such as m365",
  }),
  connector: z.string(),
  reports_activity: z.boolean().optional(),
});

const workspaceSchema = z.strictObject({
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
  sync_timeout_minutes: z.int().min(1).default(120),
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
  let text: string;
  try {
    text = await readFile(join(folder, fileName), "utf8");
  } catch (error) {
    const isAbsent = (error as NodeJS.ErrnoException).code === "ENOENT";
    throw new ConfigurationError([
      {
        file: join(directory, fileName),
        message: isAbsent ? "there is no such file." : `cannot be read: ${describeSystemError(error)}`,
        remedy: isAbsent ? "`trueup init DIR` makes a workspace." : undefined,
      },
    ]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, {lineCounter: lines, schema: "core"});
  if (document.errors.length > 0) {
    throw new ConfigurationError(document.errors.map((error) => describeYamlError(error, text)));
  }
  const at = (path: readonly PropertyKey[]) => lineOf(document, lines, path);
  const written = valuesOf(document);
  const parsed = workspaceSchema.safeParse(written, {error: inPlainWords});
  if (!parsed.success) {
    // Whatever else stands in a connection, or in an address, may be a secret.
    const isHarmless = (path: readonly PropertyKey[]) =>
      path[0] === "connections" ? ["id", "connector"].includes(String(path[2])) : path[0] !== "lake";
    const shown = (path: readonly PropertyKey[]) =>
      isHarmless(path) ? valueAt(written, ...path.map(String)) : undefined;
    throw new ConfigurationError(problemsOf(parsed.error, {at, shown}));
  }
  const problems: Problem[] = [];
  const connections = parsed.data.connections.map((connection, index) =>
    readConnection(connection, index, at, problems),
  );
  problems.push(...findMisfits(parsed.data.connections, at));
  const moment = asOf ?? parsed.data.as_of;
  const instant = moment === undefined ? now : parseAsOf(moment);
  if (instant === null) {
    problems.push({
      file: asOf === undefined ? fileName : "--as-of",
      line: asOf === undefined ? at(["as_of"]) : undefined,
      value: moment,
      message: "expected a real date such as 2026-11-23, or a time with its offset such as 2026-11-23T12:00:00Z.",
    });
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
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

function readConnection(
  written: z.infer<typeof connectionSchema>,
  index: number,
  at: (path: readonly PropertyKey[]) => number | undefined,
  problems: Problem[],
): Connection | null {
  const {id, connector: name, reports_activity, ...settings} = written;
  const connector = findConnector(name);
  if (connector === undefined) {
    problems.push({
      file: fileName,
      line: at(["connections", index, "connector"]),
      value: name,
      message: "there is no such connector.",
      remedy: `Known are ${Object.keys(connectors).join(", ")}.`,
    });
    return null;
  }
  const checked = connector.settings.safeParse(settings, {error: inPlainWords});
  if (!checked.success) problems.push(...problemsOf(checked.error, {at, prefix: ["connections", index]}));
  problems.push(...findLiteralSecrets(connector, settings, index, at));
  return {id, connector, reportsActivity: reports_activity ?? null, settings};
}

/** The settings of a connection that are secrets: where they stand, and what does. */
export function secretSettings({secrets = []}: AnyConnector, settings: unknown): {path: string[]; value: unknown}[] {
  return secrets.map((secret) => {
    const path = secret.split(".");
    return {path, value: valueAt(settings, ...path)};
  });
}

/** The variables in the addresses of a declared connection's streams: an API may want its key there. */
export function addressVariables({settings}: Connection): string[] {
  const {test, streams} = settings as {test?: unknown; streams?: readonly {path?: unknown; query?: unknown}[]};
  const written = JSON.stringify([test, ...(streams ?? []).map(({path, query}) => [path, query])]);
  return [...written.matchAll(variable)].map(([, name = ""]) => name);
}

/** A secret in a file ends up in a backup or a repository; its value is not repeated here. */
function findLiteralSecrets(
  connector: AnyConnector,
  settings: Readonly<Record<string, unknown>>,
  index: number,
  at: (path: readonly PropertyKey[]) => number | undefined,
): Problem[] {
  const isReference = (value: unknown) => typeof value === "string" && /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/.test(value);
  return secretSettings(connector, settings)
    .filter(({value}) => value !== undefined && !isReference(value))
    .map(({path}) => ({
      file: fileName,
      line: at(["connections", index, ...path]),
      column: ["connections", index, ...path].join("."),
      message: "a secret stands in the file.",
      remedy: `Write \${NAME} here and set NAME in the environment. Make a new secret if this file was ever shared.`,
    }));
}

function findMisfits(
  connections: readonly z.infer<typeof connectionSchema>[],
  at: (path: readonly PropertyKey[]) => number | undefined,
): Problem[] {
  const problems: Problem[] = [];
  connections.forEach(({id}, index) => {
    if (connections.findIndex((other) => other.id === id) < index) {
      problems.push({
        file: fileName,
        line: at(["connections", index, "id"]),
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
      message: `expected exactly one PSA connection, found ${psas.length}.`,
      remedy: "One connection says what is billed, the others what is used.",
    });
  }
  return problems;
}

interface Places {
  readonly at?: (path: readonly PropertyKey[]) => number | undefined;
  /** What stands there, as far as it may be shown. */
  readonly shown?: (path: readonly PropertyKey[]) => unknown;
  readonly prefix?: readonly PropertyKey[];
}

function problemsOf(
  error: z.ZodError,
  {at = () => undefined, shown = () => undefined, prefix = []}: Places,
): Problem[] {
  return error.issues.flatMap((issue): Problem[] => {
    const path = [...prefix, ...issue.path];
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => ({
        ...{file: fileName, line: at([...path, key]), column: [...path, key].map(String).join(".")},
        message: "there is no such setting.",
        remedy: "Remove it, or correct its spelling.",
      }));
    }
    const value = shown(issue.path);
    const isShown = ["string", "number", "boolean"].includes(typeof value);
    return [
      {
        ...{file: fileName, line: at(path), column: path.map(String).join(".") || undefined},
        value: isShown ? String(value) : undefined,
        message: `${issue.message}.`,
      },
    ];
  });
}

/** The library puts the place at the end of the message. */
function describeYamlError({code, message, pos, linePos}: YAMLError, text: string): Problem {
  const line = linePos?.[0].line;
  if (code === "DUPLICATE_KEY") {
    const [key] = /^[^:\s]*/.exec(text.slice(pos[0])) ?? [];
    return {file: fileName, line, column: key, message: "stands there twice.", remedy: "Keep one of them."};
  }
  const [cause = ""] = message.split(/ at line \d+|\n/);
  return {file: fileName, line, message: `the file is not well-formed YAML: ${cause}.`};
}

/** Aliases are followed only now: they may lead nowhere, or be too many. */
function valuesOf(document: Document): unknown {
  try {
    return document.toJS() ?? {};
  } catch (error) {
    const message = `the file is not well-formed YAML: ${(error as Error).message}.`;
    throw new ConfigurationError([{file: fileName, message}]);
  }
}

function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
}

/** `2026-11-23` → the last millisecond of that UTC day; a time → itself; anything else → null. */
export function parseAsOf(text: string): Date | null {
  const isDate = /^\d{4}-\d{2}-\d{2}$/.test(text);
  if (!isDate && !/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) return null;
  const instant = new Date(isDate ? `${text}T23:59:59.999Z` : text);
  if (Number.isNaN(instant.getTime())) return null;
  const midnight = new Date(`${text.slice(0, 10)}T00:00:00Z`);
  const isReal = !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text.slice(0, 10));
  return isReal ? instant : null;
}

/**
 * A connection's settings with every `${NAME}` replaced from the environment, checked by its connector. A missing
 * variable is a ConfigurationError that names it, and so is one whose value does not fit.
 */
export function resolveSettings(connection: Connection, env: Readonly<Record<string, string | undefined>>): unknown {
  const missing = new Set<string>();
  const replaced = replaceVariables(connection.settings, env, missing);
  if (missing.size > 0) {
    throw new ConfigurationError(
      [...missing].map((name) => ({
        file: fileName,
        column: `connections.${connection.id}`,
        value: `\${${name}}`,
        message: "this environment variable is not set.",
        remedy: "Set it for the process that runs Trueup; never write its value into a file of the workspace.",
      })),
    );
  }
  const checked = connection.connector.settings.safeParse(replaced, {error: inPlainWords});
  if (checked.success) return checked.data;
  // As it stands in the file: what the variables hold may be secret.
  const shown = (path: readonly PropertyKey[]) => {
    const written = valueAt(connection.settings, ...path.map(String));
    return typeof written === "string" ? written : undefined;
  };
  throw new ConfigurationError(problemsOf(checked.error, {shown, prefix: ["connections", connection.id]}));
}

function replaceVariables(
  value: unknown,
  env: Readonly<Record<string, string | undefined>>,
  missing: Set<string>,
): unknown {
  if (typeof value === "string") {
    return value.replace(variable, (_, name: string) => {
      const found = env[name];
      if (found === undefined || found === "") missing.add(name);
      return found ?? "";
    });
  }
  if (Array.isArray(value)) return value.map((item) => replaceVariables(item, env, missing));
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceVariables(item, env, missing)]));
  }
  return value;
}
