import {expect, it} from "vitest";
import {matches, mentions, optionsOf} from "../../src/lib/matches.js";
import {stateOf} from "../components/stateOf.js";

const rows = [
  {kind: "user", status: "active"},
  {kind: "device", status: "disabled"},
  {kind: null, status: "active"},
  {kind: "device", status: "active"},
];

it("lets through what has one of the values chosen in every filter, and everything where none is chosen", () => {
  const columns = {kind: "kind", state: "status"} as const;
  const shown = (address: Record<string, string>) => rows.filter((row) => matches(row, stateOf(address), columns));
  expect(shown({})).toEqual(rows);
  expect(shown({kind: "device,server"})).toEqual([rows[1], rows[3]]);
  expect(shown({kind: "device", state: "active"})).toEqual([rows[3]]);
  expect(shown({status: "disabled"})).toEqual(rows);
});

it("offers each value that there is once, in order, and never what is blank", () => {
  expect(optionsOf(rows, "kind", (value) => value.toUpperCase())).toEqual([
    {value: "device", label: "DEVICE"},
    {value: "user", label: "USER"},
  ]);
});

it("finds what is searched for in any of the texts, whatever its case and the blanks around it", () => {
  expect(mentions(" FOO ", null, "Acme Foods")).toBe(true);
  expect(mentions("foo d", "Acme Foods")).toBe(false);
  expect(mentions("  ", null)).toBe(true);
  expect(mentions("null", null)).toBe(false);
});
