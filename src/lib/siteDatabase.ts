import {type BrowserDatabase, openBrowserDatabase} from "./browserDatabase.js";
import {siteRoot} from "./data.js";

/** Opens the site's own tables for SQL: `select * from clients` works as it stands. */
export async function openSiteDatabase(): Promise<BrowserDatabase> {
  const version = document.querySelector<HTMLMetaElement>('meta[name="trueup-data"]')?.content ?? "";
  const database = await openBrowserDatabase();
  try {
    await database.attach(new URL(`${siteRoot()}/data/trueup.duckdb?v=${version}`, document.baseURI).href, "trueup");
    await database.query("use trueup");
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}
