import {open} from "node:fs/promises";
import {filesOf} from "./filesOf.js";

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
  await Promise.all((await filesOf(folder)).map(makeDurable));
}
