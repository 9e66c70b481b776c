import {existsSync} from "node:fs";
import {cp} from "node:fs/promises";
import {ConfigurationError} from "../../problems.js";

/** Puts what a browser needs to try other mappings into the site: the mappings, the models and the tables that they read. */
export async function copyPreview(from: string, folder: string): Promise<void> {
  if (!existsSync(from)) {
    throw new ConfigurationError([
      {file: from, message: "the marts are of an earlier version.", remedy: "Run `trueup reconcile` again."},
    ]);
  }
  await cp(from, folder, {recursive: true});
}
