import {describe, expect, it} from "vitest";
import {placeOf, queryError, thrownError} from "../../src/lib/queryError.js";

describe("an error of DuckDB", () => {
  it("has its place counted in characters, though DuckDB counts bytes", () => {
    const sql = "select 'é',\n  foo from clients";
    const error = queryError(
      '{"exception_type":"Binder","exception_message":"Referenced column \\"foo\\" not found","position":"15"}',
      sql,
    );
    expect(error.message).toBe('Binder error: Referenced column "foo" not found');
    expect(placeOf(sql, error.offset as number)).toEqual({line: 2, column: 3});
  });

  it("that the parser wraps in another is unwrapped, one without a place keeps its text, and none says to install anything", () => {
    const inner = '{"exception_type":"Parser","exception_message":"syntax error at or near \\"1\\"","position":"17"}';
    const outer = JSON.stringify({exception_type: "Parser", exception_message: inner, position: "17"});
    expect(queryError(outer, "x".repeat(20))).toMatchObject({
      message: 'Syntax error at or near "1"',
      offset: 17,
    });
    const catalog = 'Type with name "json" is not in the catalog, but it exists in the json extension. INSTALL json';
    const lacking = JSON.stringify({exception_type: "Catalog", exception_message: catalog, position: "7"});
    expect(queryError(lacking, "")).toMatchObject({
      message: "This needs DuckDB’s extension json, which the site does not have.",
      offset: null,
    });
    expect(queryError("out of memory", "")).toMatchObject({message: "out of memory", offset: null});
    expect(queryError("query was canceled", "").isCancelled).toBe(true);
  });

  it.each([
    ["RuntimeError", "memory access out of bounds"],
    ["RangeError", "Maximum call stack size exceeded"],
    ["InternalError", "too much recursion"],
  ])("is told apart from %s, after which it must be started anew", (name, message) => {
    expect(thrownError(Object.assign(new Error(message), {name}), "")).toMatchObject({
      message: `DuckDB broke down (${message}) and is started anew.`,
      isFatal: true,
    });
    expect(thrownError(new Error("out of memory"), "")).toMatchObject({message: "out of memory", isFatal: false});
  });
});
