#!/usr/bin/env node
import {pathToFileURL} from "node:url";
import {bundleCommand} from "./bundle.js";

// Where nothing can be written below node_modules, the modules are transpiled as they are loaded.
const module = await bundleCommand().catch(() => null);
if (module !== null) await import(pathToFileURL(module).href);
else {
  const {register} = await import("tsx/esm/api");
  register();
  await import("./cli.ts");
}
