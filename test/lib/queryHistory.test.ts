import {expect, it} from "vitest";
import {pastQueries, rememberQuery} from "../../src/lib/queryHistory.js";

it("remembers a query once, newest first, and whatever else is stored is ignored", () => {
  const stored = new Map<string, string>();
  const storage = {
    getItem: (k: string) => stored.get(k) ?? null,
    setItem: (k: string, v: string) => stored.set(k, v),
  };
  const at = "2026-11-23T00:00:00Z";
  for (const sql of ["a", "b", "a "]) rememberQuery(storage, {sql, ranAt: at});
  expect(pastQueries(storage).map(({sql}) => sql)).toEqual(["a ", "b"]);
  stored.set("trueup-queries", "{nonsense");
  expect(pastQueries(storage)).toEqual([]);
});
