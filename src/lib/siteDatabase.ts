import {type BrowserDatabase, openBrowserDatabase} from "./browserDatabase.js";
import {dataUrl} from "./data.js";
import {beginning, requireWhole} from "./databaseFile.js";

const file = "trueup.duckdb";

/** A file up to this size is fetched as a whole: one request is faster than dozens for parts of it. */
const whole = 16_000_000;

/** Opens the site's own tables for SQL: `select * from clients` works as it stands. */
export async function openSiteDatabase(): Promise<BrowserDatabase> {
  const address = dataUrl(file).href;
  const opening = openBrowserDatabase();
  try {
    const [database, bytes] = await Promise.all([opening, fetchWhole(address)]);
    await (bytes === null ? database.attach(address, "trueup") : database.attachBytes(bytes, "trueup")).catch(damaged);
    await database.query("use trueup");
    // A query may come from a link, and the page's policy does not hold for DuckDB's worker. Nothing turns this on again.
    await database.query("set enable_external_access = false");
    return database;
  } catch (error) {
    // What failed may have done so while DuckDB was still starting.
    opening.then((database) => database.close()).catch(() => {});
    throw error;
  }
}

/** The bytes of a file that is small, or that its server gives as a whole only; null for any other. */
async function fetchWhole(address: string): Promise<Uint8Array | null> {
  const head = await fetch(address, {method: "HEAD", headers: {range: "bytes=0-"}});
  if (!head.ok) throw new Error(`The tables are not on this site (status ${head.status}). Build it again.`);
  const size = Number(head.headers.get("content-length") ?? 0);
  if (head.status === 206 && size > whole) {
    requireWhole(file, await fetchBytes(address, {headers: {range: `bytes=0-${beginning - 1}`}}), size);
    return null;
  }
  const bytes = await fetchBytes(address);
  requireWhole(file, bytes, bytes.length);
  return bytes;
}

async function fetchBytes(address: string, options: RequestInit = {}): Promise<Uint8Array> {
  const response = await fetch(address, options);
  if (!response.ok) throw new Error(`The tables could not be loaded (status ${response.status}).`);
  return new Uint8Array(await response.arrayBuffer());
}

function damaged(error: Error): never {
  throw new Error(
    `${file} is damaged or could not be read (${error.message}). If it stays so, publish the built site again, as a whole.`,
  );
}
