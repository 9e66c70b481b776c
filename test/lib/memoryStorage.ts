import type {BrowserStorage} from "../../src/lib/browserStorage.js";

/** What a browser keeps, of a browser of its own. */
export function memoryStorage(): BrowserStorage {
  const kept = new Map<string, string>();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => void kept.set(name, value),
    removeItem: (name) => void kept.delete(name),
  };
}
