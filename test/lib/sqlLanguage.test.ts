import {CompletionContext} from "@codemirror/autocomplete";
import {EditorState} from "@codemirror/state";
import {expect, it} from "vitest";
import {aliasesIn, completeNames} from "../../src/lib/sqlLanguage.js";

const tables = [
  {
    name: "clients",
    kind: "mart",
    description: "One row per client.",
    columns: [
      {name: "client_id", type: "VARCHAR", description: "The PSA's id."},
      {name: "client_name", type: "VARCHAR", description: "The client's name."},
    ],
  },
  {
    name: "seats",
    kind: "mart",
    description: "Every seat.",
    columns: [{name: "seat_id", type: "VARCHAR", description: "The vendor's id."}],
  },
];

function complete(text: string): string[] {
  const context = new CompletionContext(EditorState.create({doc: text}), text.length, true);
  return (completeNames(tables)(context)?.options ?? []).map(({label}) => label);
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
