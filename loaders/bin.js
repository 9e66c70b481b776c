#!/usr/bin/env node
import {accessSync, constants, readFileSync} from "node:fs";
import module from "node:module";
import {tmpdir} from "node:os";
import {pathToFileURL} from "node:url";
import {bundleCommand} from "./bundle.js";

const {engines} = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const oldest = engines.node.replace(">=", "");

if (oldest.localeCompare(process.versions.node, "en", {numeric: true}) > 0) {
  process.stderr.write(`Trueup needs Node ${oldest} or newer; this is ${process.versions.node}.\n`);
  process.exitCode = 2;
} else await run();

async function run() {
  // Node 22 and later keep what they compiled.
  module.enableCompileCache?.();
  // tsx keeps what it transpiled among the temporary files, and fails where it may not.
  if (!isWritable(`${tmpdir()}/`)) process.env.TSX_DISABLE_CACHE = "1";
  // Where nothing can be written below node_modules, the modules are transpiled as they are loaded.
  const bundle = await bundleCommand().catch(() => null);
  if (bundle !== null) await import(pathToFileURL(bundle).href);
  else {
    const {register} = await import("tsx/esm/api");
    register();
    await import("./cli.ts");
  }
}

function isWritable(folder) {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}
