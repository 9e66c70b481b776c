import {existsSync} from "node:fs";
import {mkdir} from "node:fs/promises";
import {dirname} from "node:path";

/**
 * Makes a folder, and those above it that are not there. Node's own way never ends below /proc, where none can be made, and says
 * of a place where nothing can be written that it does not exist.
 */
export async function makeFolder(path: string): Promise<void> {
  const parent = dirname(path);
  if (!existsSync(parent)) await makeFolder(parent);
  await mkdir(path).catch((error) => {
    if (error.code !== "EEXIST") throw error;
  });
}
