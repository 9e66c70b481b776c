import {readdir} from "node:fs/promises";
import {join} from "node:path";

/** The paths of the files of a folder and of those below it, in order: all, or those whose names end so. */
export async function filesOf(folder: string, ending = ""): Promise<string[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}
