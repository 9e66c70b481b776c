import {afterEach, expect, it, vi} from "vitest";
import {browserStorage, keepText} from "../../src/lib/browserStorage.js";

afterEach(() => vi.unstubAllGlobals());

it("keeps nothing where the browser has no storage, as Firefox can be set to, and does not fail", () => {
  vi.stubGlobal("localStorage", null);
  const storage = browserStorage();
  expect(storage.getItem("a")).toBeNull();
  expect(keepText(storage, "a", "text")).toBe(false);
});
