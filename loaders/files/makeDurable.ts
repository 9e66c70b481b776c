import {open, readdir} from "node:fs/promises";
import {join} from "node:path";

/** Has a file's content on the disk when it returns. */
export async function makeDurable(path: string): Promise<void> {
  const file = await open(path, "r");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The same for every file of a folder and of those below it, all at a time: the disk then waits once. */
export async function makeFolderDurable(folder: string): Promise<void> {
  const entries = await readdir(folder, {withFileTypes: true, recursive: true});
  const files = entries.filter((entry) => entry.isFile());
  await Promise.all(files.map((entry) => makeDurable(join(entry.parentPath, entry.name))));
}
