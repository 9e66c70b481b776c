import {isUtf8} from "node:buffer";
import {readFile} from "node:fs/promises";
import {join} from "node:path";
import {type Document, isNode, LineCounter, parseDocument, type YAMLError} from "yaml";
import type {z} from "zod";
import {isNear} from "../../src/lib/isNear.js";
import {at as valueAt} from "../at.js";
import {describeSystemError} from "../files/systemErrors.js";
import {ConfigurationError, type Problem} from "../problems.js";
import {knownSettings} from "./knownSettings.js";

export const fileName = "workspace.yaml";

/** The line on which the value at a path stands, or what it belongs to. */
export type LineAt = (path: readonly PropertyKey[]) => number | undefined;

/** Reads workspace.yaml as it is written, unchecked. Throws a ConfigurationError where it is absent or no YAML. */
export async function readWorkspaceFile(directory: string): Promise<{written: unknown; at: LineAt}> {
  let bytes: Buffer;
  try {
    bytes = await readFile(join(directory, fileName));
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
  if (!isUtf8(bytes) || bytes.includes(0)) {
    throw new ConfigurationError([{file: fileName, message: "the file is not UTF-8.", remedy: "Save it as UTF-8."}]);
  }
  const text = bytes.toString("utf8");
  const lines = new LineCounter();
  const document = parseDocument(text, {lineCounter: lines, schema: "core"});
  if (document.errors.length > 0) {
    throw new ConfigurationError(document.errors.map((error) => describeYamlError(error, text)));
  }
  return {written: valuesOf(document), at: (path) => lineOf(document, lines, path)};
}

interface Places {
  readonly at?: LineAt;
  /** What stands there, as far as it may be shown. */
  readonly shown?: (path: readonly PropertyKey[]) => unknown;
  readonly prefix?: readonly PropertyKey[];
  /** What was checked, by which schema: to tell which setting a misspelt one may be meant for. */
  readonly written?: unknown;
  readonly schema?: z.core.$ZodType;
}

/** What the schema finds wrong, each with where it stands in the file. */
export function problemsOf(
  error: z.ZodError,
  {at = () => undefined, shown = () => undefined, prefix = [], written, schema}: Places,
): Problem[] {
  return error.issues.flatMap((issue): Problem[] => {
    const path = [...prefix, ...issue.path];
    if (issue.code === "unrecognized_keys") {
      const present = Object.keys(valueAt(written, ...issue.path.map(String)) ?? {});
      const absent = knownSettings(schema, issue.path).filter((name) => !present.includes(name));
      return issue.keys.map((key) => ({
        file: fileName,
        line: at([...path, key]),
        column: [...path, key].map(String).join("."),
        message: "there is no such setting.",
        remedy: `${suggestionOf(key, absent)}Remove it, or correct its spelling.`,
      }));
    }
    const value = shown(issue.path);
    const isShown = ["string", "number", "boolean"].includes(typeof value);
    return [
      {
        file: fileName,
        line: at(path),
        column: path.map(String).join(".") || undefined,
        value: isShown ? String(value) : undefined,
        message: `${issue.message}.`,
      },
    ];
  });
}

/** `Did you mean keep_syncs? `, or nothing where no known name is like the one that stands there. */
export function suggestionOf(name: string, known: readonly string[]): string {
  const near = known.filter((one) => isNear(name, one));
  return near.length === 0 ? "" : `Did you mean ${near.join(" or ")}? `;
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
