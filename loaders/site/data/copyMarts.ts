import {copyFile, mkdir, readdir} from "node:fs/promises";
import {join} from "node:path";

/** Puts the marts into the site, where the guide offers them for download. */
export async function copyMarts(marts: string, folder: string): Promise<void> {
  await mkdir(folder, {recursive: true});
  for (const file of await readdir(marts)) {
    if (file.endsWith(".parquet")) await copyFile(join(marts, file), join(folder, file));
  }
}
