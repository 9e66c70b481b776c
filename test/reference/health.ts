import type {Given, Sync} from "./rows.js";

/** The attempts of a connection, oldest first. */
function attempts({syncs}: Given, connectionId: string): Sync[] {
  return syncs.filter((sync) => sync.connectionId === connectionId).sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function lastAttempt(given: Given, connectionId: string): Sync | undefined {
  return attempts(given, connectionId).at(-1);
}

/** The last attempt that brought data. */
export function currentSync(given: Given, connectionId: string): Sync | undefined {
  return attempts(given, connectionId).findLast(({status}) => status !== "failed");
}

export function healthOf(given: Given, connectionId: string): "green" | "yellow" | "red" {
  const last = lastAttempt(given, connectionId);
  if (last === undefined) return "yellow";
  if (last.status === "failed") return "red";
  if (last.status === "partial" || last.freshAt === null) return "yellow";
  return given.asOf - Date.parse(last.freshAt) <= given.staleAfterHours * 3_600_000 ? "green" : "yellow";
}
