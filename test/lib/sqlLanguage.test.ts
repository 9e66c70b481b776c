import {CompletionContext} from "@codemirror/autocomplete";
import {EditorState} from "@codemirror/state";
import {expect, it} from "vitest";
import {aliasesIn, completeNames} from "../../src/lib/sqlLanguage.js";
import {documentedTables} from "./documentedTables.js";

function complete(text: string): string[] {
  const context = new CompletionContext(EditorState.create({doc: text}), text.length, true);
  return (completeNames(documentedTables)(context)?.options ?? []).map(({label}) => label);
}

it("offers the columns of an alias after a dot, and only tables after from", () => {
  expect(complete("select c. from clients as c".slice(0, 9))).toEqual([]);
  expect(complete("select * from clients as c where c.")).toEqual(["client_id", "client_name"]);
  expect(complete("select * from ")).toEqual(["clients", "seats"]);
});

it("offers the columns of the tables that the query names, and all while it names none", () => {
  expect(complete("select * from seats where ").slice(0, 1)).toEqual(["seat_id"]);
  expect(complete("select * from seats where ")).not.toContain("client_name");
  expect(complete("select ")).toContain("client_name");
});

it("does not take a keyword for an alias", () => {
  expect([...aliasesIn("select * from seats where x join clients c on 1=1")]).toEqual([
    ["seats", "seats"],
    ["clients", "clients"],
    ["c", "clients"],
  ]);
});
