export type BrowserStorage = Pick<Storage, "getItem" | "setItem" | "removeItem">;

const none: BrowserStorage = {
  getItem: () => null,
  setItem() {
    throw new Error("This browser keeps nothing.");
  },
  removeItem() {},
};

/** What this browser keeps for the site. Where it forbids that, asking throws or gives null: then nothing is there, and nothing stays. */
export function browserStorage(): BrowserStorage {
  try {
    return localStorage ?? none;
  } catch {
    return none;
  }
}

/** Keeps a text; false where the browser has no room for it, or forbids it. */
export function keepText(storage: Pick<Storage, "setItem">, key: string, text: string): boolean {
  try {
    storage.setItem(key, text);
    return true;
  } catch {
    return false;
  }
}
