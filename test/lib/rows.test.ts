import {array, assert, constantFrom, property, string, tuple} from "fast-check";
import {expect, it} from "vitest";
import {packRows} from "../../loaders/site/data/packRows.js";
import {rowsOf} from "../../src/lib/rows.js";

type Row = readonly (string | null)[];

const columns = ["client", "name", "id"];
const unpacked = (...blocks: (readonly Row[])[]): Row[] => {
  const table = {columns, blocks: blocks.map((rows) => packRows(rows, columns.length))};
  // As text and back, as between the build and a page.
  return rowsOf<Record<string, string | null>>(JSON.parse(JSON.stringify(table))).map((row) => Object.values(row));
};

it("gives back every row of every block as it was", () => {
  const text = constantFrom(null, "", "a", "b", "null", "0");
  const rows = array(tuple(text, text, string()), {minLength: 1, maxLength: 12});
  assert(
    property(rows, rows, (first, second) => {
      expect(unpacked(first, second)).toEqual([...first, ...second]);
    }),
  );
});

it("reads rows as they are, what a row lacks as null", () => {
  expect(rowsOf({columns, rows: [["C1", "Acme"]]})).toEqual([{client: "C1", name: "Acme", id: null}]);
});

it("has no rows where there is no block", () => {
  expect(rowsOf({columns, blocks: []})).toEqual([]);
});

it("writes what repeats once, and the places of what repeats together once", () => {
  const rows = [
    ["C1", "Acme", "1", "USD"],
    ["C1", "Acme", "2", "USD"],
    ["C2", "Bolt", "3", "USD"],
    ["C1", "Acme", "4", "USD"],
  ];
  expect(packRows(rows, 4)).toEqual({
    rows: 4,
    columns: [
      {texts: ["C1", "C2"], places: [0, 0, 1, 0]},
      {texts: ["Acme", "Bolt"], places: 0},
      ["1", "2", "3", "4"],
      ["USD"],
    ],
  });
});
