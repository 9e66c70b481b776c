import {cp} from "node:fs/promises";
import {join} from "node:path";
import {fileURLToPath} from "node:url";

const sample = fileURLToPath(new URL("../../data/sample/", import.meta.url));

/** Copies what people wrote and exported of the sample workspace, and nothing that was made of it. Returns the folder. */
export async function copySample(directory: string): Promise<string> {
  for (const name of ["workspace.yaml", "imports", "mappings"]) {
    await cp(join(sample, name), join(directory, name), {recursive: true});
  }
  return directory;
}
