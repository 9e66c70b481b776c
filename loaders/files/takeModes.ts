import {chmod, readdir, stat} from "node:fs/promises";
import {join} from "node:path";

/**
 * Gives all that is in a folder, and the folder itself, the permissions of one that was made anew, as copies come with those of
 * what they were copied from: of somebody who keeps his files to himself, say.
 */
export async function takeModes(folder: string, made: string): Promise<void> {
  const mode = (await stat(made)).mode & 0o777;
  const entries = await readdir(folder, {withFileTypes: true, recursive: true});
  await chmod(folder, mode);
  // What a link leads to is not of this folder.
  for (const entry of entries.filter((entry) => !entry.isSymbolicLink())) {
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? mode : mode & 0o666);
  }
}
