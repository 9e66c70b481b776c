#!/usr/bin/env node
import {readFileSync} from "node:fs";
import module from "node:module";
import {dirname, join} from "node:path";
import {pathToFileURL} from "node:url";
import {bundleCommand} from "./bundle.js";

const {engines} = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const oldest = engines.node.replace(">=", "");

if (oldest.localeCompare(process.versions.node, "en", {numeric: true}) > 0) {
  process.stderr.write(`Trueup needs Node ${oldest} or newer; this is ${process.versions.node}.\n`);
  process.exitCode = 2;
} else await run();

async function run() {
  // Among the temporary files, where tsx and Node keep code otherwise, another user may have put his own in its place.
  process.env.TSX_DISABLE_CACHE = "1";
  // Where nothing can be written below node_modules, the modules are transpiled as they are loaded.
  const bundle = await bundleCommand().catch(() => null);
  if (bundle !== null) {
    // Node 22 and later keep what they compiled.
    module.enableCompileCache?.(join(dirname(bundle), "compiled"));
    await import(pathToFileURL(bundle).href);
  } else {
    const {register} = await import("tsx/esm/api");
    register();
    await import("./cli.ts");
  }
}
