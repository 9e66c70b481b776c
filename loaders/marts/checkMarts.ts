import {existsSync} from "node:fs";
import {join} from "node:path";
import {ConfigurationError} from "../problems.js";

/** Refuses a folder that has no marts. Marts are replaced all at once, so that one stands for all. */
export function checkMarts(folder: string): void {
  if (existsSync(join(folder, "summary.parquet"))) return;
  throw new ConfigurationError([
    {file: folder, message: "there are no marts.", remedy: "Run `trueup reconcile` first."},
  ]);
}
