import {createRedactor} from "../connectors/http/redact.js";
import {type Database, literal} from "../database.js";
import type {Environment} from "../environment.js";
import {ConfigurationError} from "../problems.js";

/** Where object storage is and who asks, as the variables say that AWS's own tools read. */
export interface StorageAccess {
  /** Null: DuckDB looks for them where AWS's tools do, such as the role of the machine. */
  readonly keys: {readonly id: string; readonly secret: string; readonly token: string | null} | null;
  readonly region: string | null;
  /** Of storage that is not Amazon's. */
  readonly endpoint: URL | null;
}

/** Who reads there looks for everything by itself. */
export const noKeys: StorageAccess = {keys: null, region: null, endpoint: null};

export function isInObjectStorage(path: string): boolean {
  return path.startsWith("s3://");
}

/** Throws a ConfigurationError where the variables do not fit together; no value of a secret is in it. */
export function readStorageAccess(env: Environment): StorageAccess {
  const read = (...names: string[]): string | null => names.map((name) => env[name]).find((value) => value) ?? null;
  const wrong = (file: string, message: string, remedy: string): ConfigurationError =>
    new ConfigurationError([{file, message, remedy}]);
  const id = read("AWS_ACCESS_KEY_ID");
  const secret = read("AWS_SECRET_ACCESS_KEY");
  if ((id === null) !== (secret === null)) {
    const missing = id === null ? "AWS_ACCESS_KEY_ID" : "AWS_SECRET_ACCESS_KEY";
    throw wrong(missing, "this environment variable is not set, though its other half is.", "Set both or neither.");
  }
  const address = read("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL");
  const endpoint = address !== null && URL.canParse(address) ? new URL(address) : null;
  if (address !== null && (endpoint === null || !/^https?:$/.test(endpoint.protocol) || endpoint.pathname !== "/")) {
    throw wrong(
      env.AWS_ENDPOINT_URL_S3 ? "AWS_ENDPOINT_URL_S3" : "AWS_ENDPOINT_URL",
      "expected the address of object storage.",
      "Write it as https://storage.example, without a path.",
    );
  }
  return {
    keys: id === null || secret === null ? null : {id, secret, token: read("AWS_SESSION_TOKEN")},
    region: read("AWS_REGION", "AWS_DEFAULT_REGION"),
    endpoint,
  };
}

/** What must never be seen of the variables. */
export function storageSecrets(env: Environment): string[] {
  return [env.AWS_SECRET_ACCESS_KEY, env.AWS_SESSION_TOKEN].filter((value) => value !== undefined);
}

/** The same of what was read from them. */
export function secretsOf(access: StorageAccess | null | undefined): string[] {
  return [access?.keys?.secret, access?.keys?.token].filter((value) => typeof value === "string");
}

/** The statement that tells DuckDB, for as long as the database is open. */
export function secretStatement({keys, region, endpoint}: StorageAccess): string {
  const options = {
    provider: keys === null ? "credential_chain" : "config",
    key_id: keys?.id,
    secret: keys?.secret,
    session_token: keys?.token,
    region,
    endpoint: endpoint?.host,
    url_style: endpoint === null ? null : "path",
  };
  const written = Object.entries(options)
    .filter(([, value]) => value !== null && value !== undefined)
    .map(([name, value]) => `${name} ${literal(String(value))}`);
  if (endpoint !== null) written.push(`use_ssl ${endpoint.protocol === "https:"}`);
  return `create or replace temporary secret lake (type s3, ${written.join(", ")})`;
}

/** Has a database read and write these paths: where some are in object storage, through DuckDB's own extensions. */
export async function allowObjectStorage(
  database: Database,
  paths: readonly string[],
  given: StorageAccess | null | undefined,
): Promise<void> {
  if (!paths.some(isInObjectStorage)) return;
  const access = given ?? noKeys;
  await loadExtension(database, "httpfs");
  if (access.keys === null) await loadExtension(database, "aws");
  try {
    await database.run(secretStatement(access));
  } catch (error) {
    // Further lines would show the statement.
    const [reason = ""] = (error as Error).message.split("\n");
    throw new Error(
      `DuckDB does not take the credentials for object storage: ${createRedactor(secretsOf(access)).redact(reason)}. ` +
        "Set AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_REGION for the process that runs Trueup.",
    );
  }
}

/** Loads an extension that is no part of DuckDB, and fetches it where it is not there yet. */
async function loadExtension(database: Database, name: string): Promise<void> {
  try {
    await database.run(`load ${name}`);
    return;
  } catch {
    // It was never fetched, or is not fit: what fetching it says is clearer.
  }
  try {
    await database.run(`install ${name}; load ${name}`);
  } catch (error) {
    const [where] = await database.rows(
      "select library_version as version, current_setting('extension_directory') as directory, platform from pragma_version(), pragma_platform()",
    );
    const folder = `${where?.directory || "~/.duckdb/extensions"}/${where?.version}/${where?.platform}`;
    throw new Error(
      `DuckDB's extension ${name}, which s3:// needs, cannot be had: ${(error as Error).message.split("\n")[0]}. ` +
        `Let this machine reach extensions.duckdb.org once, or put ${name}.duckdb_extension into ${folder}.`,
    );
  }
}
