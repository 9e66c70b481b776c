import {keepText} from "./browserStorage.js";

const key = "trueup-queries";
const most = 30;

export interface PastQuery {
  readonly sql: string;
  /** ISO 8601. */
  readonly ranAt: string;
}

/** The queries last run in this browser, the newest first. They stay on this machine. */
export function pastQueries(storage: Pick<Storage, "getItem">): PastQuery[] {
  try {
    const found: unknown = JSON.parse(storage.getItem(key) ?? "[]");
    return Array.isArray(found) ? found.filter(isPast) : [];
  } catch {
    return [];
  }
}

/** Remembers a query; one that was run before moves to the front. */
export function rememberQuery(storage: Pick<Storage, "getItem" | "setItem">, query: PastQuery): PastQuery[] {
  const queries = [query, ...pastQueries(storage).filter(({sql}) => sql.trim() !== query.sql.trim())].slice(0, most);
  keepText(storage, key, JSON.stringify(queries));
  return queries;
}

function isPast(value: unknown): value is PastQuery {
  const {sql, ranAt} = (value ?? {}) as Partial<PastQuery>;
  return typeof sql === "string" && typeof ranAt === "string";
}
