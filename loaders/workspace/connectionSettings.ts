import {at as valueAt} from "../at.js";
import type {AnyConnector} from "../connectors/index.js";
import type {Environment} from "../environment.js";
import {ConfigurationError, type Problem} from "../problems.js";
import {inPlainWords} from "./schemaMessages.js";
import {fileName, type LineAt, problemsOf} from "./workspaceFile.js";

/** One connection of workspace.yaml. */
export interface Connection {
  readonly id: string;
  readonly connector: AnyConnector;
  readonly reportsActivity: boolean | null;
  /** As written, with `${NAME}` still in it; secrets are resolved only by the sync that needs them. */
  readonly settings: Readonly<Record<string, unknown>>;
}

const variable = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

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
export function findLiteralSecrets(
  connector: AnyConnector,
  settings: Readonly<Record<string, unknown>>,
  index: number,
  at: LineAt,
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

/**
 * A connection's settings with every `${NAME}` replaced from the environment, checked by its connector. A missing
 * variable is a ConfigurationError that names it, and so is one whose value does not fit.
 */
export function resolveSettings(connection: Connection, env: Environment): unknown {
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

function replaceVariables(value: unknown, env: Environment, missing: Set<string>): unknown {
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
