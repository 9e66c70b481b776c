import {expect, it} from "vitest";
import {queryOf, queryPart} from "../../src/lib/queryAddress.js";

it("a query goes into the address and comes back, long ones behind the hash", () => {
  const short = "select '100%' + \"é\" -- & more\n";
  expect(queryPart(short).startsWith("?sql=")).toBe(true);
  expect(queryOf({search: queryPart(short), hash: ""})).toBe(short);
  const long = "select 1, ".repeat(400);
  expect(queryPart(long).startsWith("#sql=")).toBe(true);
  expect(queryOf({search: "", hash: queryPart(long)})).toBe(long);
  expect(queryOf({search: "?x=1", hash: "#place"})).toBeNull();
});
