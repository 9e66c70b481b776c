import {copyFile, mkdir, readdir} from "node:fs/promises";
import {join} from "node:path";

/** Copies the files with these names that a folder has. What a link leads to is none of them, wherever the folder comes from. */
export async function copyFiles(from: string, to: string, names: readonly string[]): Promise<void> {
  await mkdir(to, {recursive: true});
  for (const entry of await readdir(from, {withFileTypes: true})) {
    if (entry.isFile() && names.includes(entry.name)) await copyFile(join(from, entry.name), join(to, entry.name));
  }
}
