import {stat} from "node:fs/promises";

/**
 * Reads marts, which another run may replace all at once at any time: what was read before and after that does not belong
 * together. Fails then, whatever came of it.
 */
export async function whileUnreplaced<T>(marts: string, read: () => Promise<T>): Promise<T> {
  const {ino} = await stat(marts);
  const isReplaced = async (): Promise<boolean> => (await stat(marts).catch(() => null))?.ino !== ino;
  try {
    const result = await read();
    if (!(await isReplaced())) return result;
  } catch (error) {
    if (!(await isReplaced())) throw error;
  }
  throw new Error(`${marts} was replaced by another run while it was read. Run it again.`);
}
