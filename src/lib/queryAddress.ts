import {siteRoot} from "./data.js";

/** Servers may refuse longer addresses, and never see what follows `#`. */
const longest = 1500;

/** The part of an address that holds a query: `?sql=…`, or `#sql=…` for a long one. */
export function queryPart(sql: string): string {
  const text = new URLSearchParams({sql}).toString();
  return text.length <= longest ? `?${text}` : `#${text}`;
}

/** Address of the SQL page with a query in it. */
export function exploreUrl(sql: string): string {
  return `${siteRoot()}/explore${queryPart(sql)}`;
}

/** The query in an address; null where there is none. */
export function queryOf({search, hash}: Pick<Location, "search" | "hash">): string | null {
  return new URLSearchParams(hash.replace(/^#/, "")).get("sql") ?? new URLSearchParams(search).get("sql");
}
