import {stat} from "node:fs/promises";

/**
 * Remembers the marts that lie in a folder now, which another run may replace all at once at any time: what was read before and
 * after that does not belong together. What it gives fails once that has happened.
 */
export async function rememberMarts(marts: string): Promise<() => Promise<void>> {
  const {ino} = await stat(marts);
  return async () => {
    if ((await stat(marts).catch(() => null))?.ino === ino) return;
    throw new Error(`${marts} was replaced by another run while it was read. Run it again.`);
  };
}

/** Reads marts that no other run replaces meanwhile. Fails if one does, whatever came of it. */
export async function whileUnreplaced<T>(marts: string, read: () => Promise<T>): Promise<T> {
  const confirm = await rememberMarts(marts);
  try {
    return await read();
  } finally {
    await confirm();
  }
}
