import {type BrowserDatabase, openBrowserDatabase} from "./browserDatabase.js";
import {dataUrl} from "./data.js";

/** A file up to this size is fetched as a whole: one request is faster than dozens for parts of it. */
const whole = 16_000_000;

/** Opens the site's own tables for SQL: `select * from clients` works as it stands. */
export async function openSiteDatabase(): Promise<BrowserDatabase> {
  const address = dataUrl("trueup.duckdb").href;
  const [database, bytes] = await Promise.all([openBrowserDatabase(), fetchWhole(address)]);
  try {
    if (bytes === null) await database.attach(address, "trueup");
    else await database.attachBytes(bytes, "trueup");
    await database.query("use trueup");
    // A query may come from a link, and the page's policy does not hold for DuckDB's worker. Nothing turns this on again.
    await database.query("set enable_external_access = false");
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** The bytes of a file that is small, or that its server gives as a whole only; null for any other. */
async function fetchWhole(address: string): Promise<Uint8Array | null> {
  const head = await fetch(address, {method: "HEAD", headers: {range: "bytes=0-"}});
  if (!head.ok) throw new Error(`The tables are not on this site (status ${head.status}). Build it again.`);
  const size = Number(head.headers.get("content-length") ?? 0);
  if (head.status === 206 && size > whole) return null;
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The tables could not be loaded (status ${response.status}).`);
  return new Uint8Array(await response.arrayBuffer());
}
