import {randomUUID} from "node:crypto";
import {chmod, realpath, rename, rm, stat, writeFile} from "node:fs/promises";
import {makeDurable} from "./makeDurable.js";

/**
 * Writes a file so that its place has what was there before or all of the new, whatever happens. A link is followed,
 * permissions stay; a device or a pipe is written to as it is. Fails with the file's path.
 */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const place = await realpath(path).catch(() => path);
  const existing = await stat(place).catch(() => null);
  if (existing !== null && !existing.isFile()) {
    await writeFile(place, content);
    return;
  }
  const beside = `${place}.${randomUUID()}`;
  try {
    // From its first byte on it is for those alone who may read what was there.
    await writeFile(beside, content, {mode: existing?.mode});
    if (existing !== null) await chmod(beside, existing.mode);
    await makeDurable(beside);
    await rename(beside, place);
  } catch (error) {
    await rm(beside, {force: true});
    throw Object.assign(error as Error, {path});
  }
}
