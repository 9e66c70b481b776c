import {existsSync} from "node:fs";
import {copyFiles} from "../../files/copyFiles.js";
import {ConfigurationError} from "../../problems.js";

/** Puts what a browser needs to try other mappings into the site: the mappings, the models and the tables that they read. */
export async function copyPreview(from: string, folder: string): Promise<void> {
  if (!existsSync(from)) {
    throw new ConfigurationError([
      {file: from, message: "the marts are of an earlier version.", remedy: "Run `trueup reconcile` again."},
    ]);
  }
  await copyFiles(from, folder, ["mappings.json", "preview.json", "preview.duckdb"]);
}
