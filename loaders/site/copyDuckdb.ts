import {copyFile, mkdir} from "node:fs/promises";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {build as bundle} from "esbuild";

/**
 * Puts DuckDB for the browser into the site: its engine, its worker, and `duckdb.js`, which the pages that run SQL import
 * when they need it. The package's own module names Apache Arrow, which a browser cannot resolve, so both go into one file.
 */
export async function copyDuckdb(folder: string): Promise<void> {
  const dist = dirname(createRequire(import.meta.url).resolve("@duckdb/duckdb-wasm"));
  await mkdir(folder, {recursive: true});
  for (const file of ["duckdb-eh.wasm", "duckdb-browser-eh.worker.js"]) {
    await copyFile(join(dist, file), join(folder, file));
  }
  await bundle({
    stdin: {
      contents: 'export * from "./duckdb-browser.mjs"; export {Table, tableToIPC} from "apache-arrow";',
      resolveDir: dist,
    },
    outfile: join(folder, "duckdb.js"),
    bundle: true,
    format: "esm",
    platform: "browser",
    minify: true,
    logLevel: "error",
  });
}
