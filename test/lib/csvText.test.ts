import fc from "fast-check";
import {expect, it} from "vitest";
import {type CsvRow, editCsv, keyOf, readRows} from "../../src/lib/csvText.js";

const columns = ["id", "name"];
const shape = {columns, key: ["id"]};
const edits = (...rows: (readonly [string, CsvRow | null])[]) =>
  new Map(rows.map(([id, row]) => [keyOf({id}, ["id"]), row]));

it("changes the one line of a row and leaves every other byte alone", () => {
  const text = 'id,name\n2,  spaced\n\n1,"a, ""b"""\n3,c\n';
  expect(editCsv(text, shape, edits(["1", {id: "1", name: "new"}]))).toBe("id,name\n2,  spaced\n\n1,new\n3,c\n");
});

it("finds a row whatever blanks stand around its key, and lines that are short or long", () => {
  const text = "id,name\n 1 ,a\n2\n3,c,more\n";
  expect(editCsv(text, shape, edits(["1", null], ["2", {id: "2", name: "b"}], ["3", null]))).toBe("id,name\n2,b\n");
});

it("adds new rows at the end and takes rows out without moving others", () => {
  const text = "id,name\nb,1\na,2\n";
  expect(editCsv(text, shape, edits(["b", null], ["0", {id: "0", name: "3"}]))).toBe("id,name\na,2\n0,3\n");
});

it("keeps a byte order mark and carriage returns", () => {
  const text = '\ufeffid,name\r\n1,"two\r\nlines"\r\n2,b';
  expect(editCsv(text, shape, edits(["3", {id: "3", name: "c"}]))).toBe(
    '\ufeffid,name\r\n1,"two\r\nlines"\r\n2,b\r\n3,c\r\n',
  );
});

it("adds columns that a file lacks at its right, and keeps those that it knows nothing of", () => {
  const text = "id,ticket\n1,T-1\n2,T-2\n";
  expect(editCsv(text, {columns: ["id", "name"], key: ["id"]}, edits(["1", {id: "1", ticket: "T-1", name: "x"}]))).toBe(
    "id,ticket,name\n1,T-1,x\n2,T-2,\n",
  );
});

it("takes headers in any case, and leaves them as they are", () => {
  const text = "ID, Name ,Ticket\n1,a,T-1\n2,b,T-2\n";
  expect(readRows(text)[0]).toEqual({id: "1", name: "a", ticket: "T-1"});
  expect(editCsv(text, shape, edits(["1", {id: "1", name: "c", ticket: "T-1"}]))).toBe(
    "ID, Name ,Ticket\n1,c,T-1\n2,b,T-2\n",
  );
});

it("makes a file where there was none, and changes nothing where nothing was decided", () => {
  expect(editCsv(null, shape, edits(["1", {id: "1", name: "a"}]))).toBe("id,name\n1,a\n");
  expect(editCsv("id\r\n1", shape, new Map())).toBe("id\r\n1");
});

it("writes what a spreadsheet would take for a formula as it is: Trueup reads these files back", () => {
  const row = {id: "=cmd|' /C calc'!A0", name: "-1"};
  const text = editCsv(null, shape, edits([row.id, row]));
  expect(text).toBe("id,name\n=cmd|' /C calc'!A0,-1\n");
  expect(readRows(text)).toEqual([row]);
});

it("reads back whatever it wrote", () => {
  const cell = fc.string({unit: "binary", maxLength: 8}).map((text) => text.replaceAll("\ufeff", ""));
  const rows = fc.uniqueArray(fc.record({id: cell.filter((id) => id !== ""), name: cell}), {selector: ({id}) => id});
  fc.assert(
    fc.property(rows, fc.boolean(), (given, isWindows) => {
      const start = isWindows ? "id,name\r\nfirst-row,1\r\n" : "id,name\nfirst-row,1\n";
      const text = editCsv(start, shape, edits(...given.map((row) => [row.id, row] as const)));
      expect(text.startsWith(start)).toBe(true);
      expect(readRows(text)).toEqual([{id: "first-row", name: "1"}, ...given]);
    }),
    {numRuns: 40},
  );
});
