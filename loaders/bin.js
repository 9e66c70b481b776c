#!/usr/bin/env node
import module from "node:module";
import {pathToFileURL} from "node:url";
import {bundleCommand} from "./bundle.js";

// Node 22 and later keep what they compiled.
module.enableCompileCache?.();

// Where nothing can be written below node_modules, the modules are transpiled as they are loaded.
const bundle = await bundleCommand().catch(() => null);
if (bundle !== null) await import(pathToFileURL(bundle).href);
else {
  const {register} = await import("tsx/esm/api");
  register();
  await import("./cli.ts");
}
