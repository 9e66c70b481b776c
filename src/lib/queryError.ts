/** What DuckDB says about a statement, and where in its text. */
export class QueryError extends Error {
  constructor(
    message: string,
    /** Offset in the statement's text; null where DuckDB does not say. */
    readonly offset: number | null,
    readonly isCancelled = false,
    /** The engine broke down and answers nothing any more. */
    readonly isFatal = false,
  ) {
    super(message);
  }
}

/**
 * Reads an error of DuckDB, which is JSON with a position in bytes where `errors_as_json` is set. One inside another, which
 * the parser gives, is unpacked.
 */
export function queryError(text: string, sql: string): QueryError {
  if (text === "query was canceled" || /^INTERRUPT/i.test(text)) return new QueryError("Cancelled.", null, true);
  const parts = jsonOf(text);
  if (parts === null) return new QueryError(text, null);
  let {message, kind, position} = parts;
  for (let inner = jsonOf(message); inner !== null; inner = jsonOf(message)) {
    message = inner.message;
    kind = inner.kind ?? kind;
    position = inner.position ?? position;
  }
  if (kind === "Interrupt") return new QueryError("Cancelled.", null, true);
  const [, extension] =
    /(?:automatically install the required extension '|but it exists in the )(\w+)(?:'| extension)/.exec(message) ?? [];
  if (extension !== undefined) {
    const lack = `This needs DuckDB’s extension ${extension}, which the site does not have.`;
    return new QueryError(extension === "icu" ? `${lack} Times here are plain and in UTC.` : lack, null);
  }
  const plain = message.replace(/\n\nLINE \d+: [\s\S]*$/, "");
  const named = kind === null || kind === "Parser" ? plain : `${kind} error: ${plain}`;
  return new QueryError(sentence(named), position === null ? null : charactersIn(sql, position));
}

/** What WebAssembly throws where DuckDB itself broke down. In Firefox, InternalError says that its stack is full. */
const breakdowns = ["RuntimeError", "RangeError", "InternalError"];

/** Reads what ended a statement: an error of DuckDB, or that it broke down. */
export function thrownError({name, message}: Error, sql: string): QueryError {
  if (!breakdowns.includes(name)) return queryError(message, sql);
  return new QueryError(`DuckDB broke down (${message}) and is started anew.`, null, false, true);
}

function jsonOf(text: string): {message: string; kind: string | null; position: number | null} | null {
  if (!text.startsWith("{")) return null;
  try {
    const {exception_message, exception_type, position} = JSON.parse(text) as Record<string, string | undefined>;
    if (exception_message === undefined) return null;
    const place = Number(position);
    return {
      message: exception_message,
      kind: exception_type ?? null,
      position: position === undefined || !Number.isInteger(place) || place < 0 ? null : place,
    };
  } catch {
    return null;
  }
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** How many UTF-16 units of a text its first bytes in UTF-8 are. */
function charactersIn(text: string, bytes: number): number {
  const encoded = new TextEncoder().encode(text);
  return new TextDecoder().decode(encoded.slice(0, bytes)).length;
}

/** `placeOf("a\nbc", 3)` → `{line: 2, column: 2}`, both from 1. */
export function placeOf(sql: string, offset: number): {line: number; column: number} {
  const before = sql.slice(0, offset).split("\n");
  return {line: before.length, column: (before.at(-1)?.length ?? 0) + 1};
}
