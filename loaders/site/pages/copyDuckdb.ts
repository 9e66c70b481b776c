import {copyFile, mkdir, readFile, writeFile} from "node:fs/promises";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {build as bundle} from "esbuild";

/**
 * The worker says nothing where its engine is damaged or finds no memory: it waits for ever, and so would the page. What is thrown
 * from a timer reaches the page as an error of the worker.
 */
const tellingFailures =
  'self.addEventListener("unhandledrejection", ({reason}) => setTimeout(() => { throw reason; }));\n';

/**
 * Puts DuckDB for the browser into the site: its engine, its worker, and `duckdb.js`, which the pages that run SQL import
 * when they need it. The package's own module names Apache Arrow, which a browser cannot resolve, so both go into one file.
 */
export async function copyDuckdb(folder: string): Promise<void> {
  const dist = dirname(createRequire(import.meta.url).resolve("@duckdb/duckdb-wasm"));
  await mkdir(folder, {recursive: true});
  await copyFile(join(dist, "duckdb-eh.wasm"), join(folder, "duckdb-eh.wasm"));
  const worker = "duckdb-browser-eh.worker.js";
  await writeFile(join(folder, worker), tellingFailures + (await readFile(join(dist, worker), "utf8")));
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
