const key = "trueup-queries";
const most = 30;

export interface PastQuery {
  readonly sql: string;
  /** ISO 8601. */
  readonly ranAt: string;
}

/** The queries last run in this browser, the newest first. They stay on this machine. */
export function pastQueries(storage: Pick<Storage, "getItem"> | undefined): PastQuery[] {
  try {
    const found: unknown = JSON.parse(storage?.getItem(key) ?? "[]");
    return Array.isArray(found) ? found.filter(isPast) : [];
  } catch {
    return [];
  }
}

/** Remembers a query; one that was run before moves to the front. */
export function rememberQuery(
  storage: Pick<Storage, "getItem" | "setItem"> | undefined,
  query: PastQuery,
): PastQuery[] {
  const queries = [query, ...pastQueries(storage).filter(({sql}) => sql.trim() !== query.sql.trim())].slice(0, most);
  try {
    storage?.setItem(key, JSON.stringify(queries));
  } catch {
    // A full or forbidden storage only means that nothing is remembered.
  }
  return queries;
}

function isPast(value: unknown): value is PastQuery {
  const {sql, ranAt} = (value ?? {}) as Partial<PastQuery>;
  return typeof sql === "string" && typeof ranAt === "string";
}
