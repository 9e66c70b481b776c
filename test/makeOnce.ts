import {existsSync} from "node:fs";
import {mkdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {setTimeout as pause} from "node:timers/promises";
import {inject} from "vitest";

/** A folder for all files of tests in a run: the first of them to ask for it makes it, and none writes into it later. */
export async function makeOnce(name: string, make: (folder: string) => Promise<unknown>): Promise<string> {
  const folder = join(inject("sharedFolders"), name);
  const isFirst = await mkdir(folder).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
      return false;
    },
  );
  if (isFirst) {
    await make(folder).catch(async (error: Error) => {
      await writeFile(`${folder}.fault`, error.message);
      throw error;
    });
    await writeFile(`${folder}.made`, "");
  } else await untilMade(folder);
  return folder;
}

async function untilMade(folder: string): Promise<void> {
  while (!existsSync(`${folder}.made`)) {
    if (existsSync(`${folder}.fault`)) throw new Error(await readFile(`${folder}.fault`, "utf8"));
    await pause(100);
  }
}
