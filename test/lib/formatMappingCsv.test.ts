import {expect, it} from "vitest";
import {formatMappingCsv} from "../../src/lib/formatMappingCsv.js";

const header = "connection_id,account_id,client_id,status,note";
const sorted = `${header}\nm365,a, C1 ,confirmed,"two, words"\nm365,c,C3,confirmed,\nrmm,a,C1,confirmed,\n`;
const rows = [
  {connection_id: "m365", account_id: "a", client_id: "C1", status: "confirmed", note: "two, words"},
  {connection_id: "m365", account_id: "c", client_id: "C3", status: "confirmed", note: null},
  {connection_id: "rmm", account_id: "a", client_id: "C1", status: "confirmed", note: null},
] as const;

it("keeps the very text of a file in which nothing changes", () => {
  expect(formatMappingCsv("clients", rows, sorted)).toBe(sorted);
  const windows = `\ufeff${sorted.replaceAll("\n", "\r\n")}`;
  expect(formatMappingCsv("clients", rows, windows)).toBe(windows);
});

it("rewrites a changed row where it stands and takes out one that is gone", () => {
  const changed = [rows[0], {...rows[1], client_id: "C9", note: 'said "yes"'}];
  expect(formatMappingCsv("clients", changed, sorted)).toBe(
    `${header}\nm365,a, C1 ,confirmed,"two, words"\nm365,c,C9,confirmed,"said ""yes"""\n`,
  );
});

it("puts a new row where it belongs in a sorted file, and last in one that is not", () => {
  const decided = {connection_id: "m365", account_id: "b", client_id: "C2", status: "confirmed", note: null};
  expect(formatMappingCsv("clients", [...rows, decided], sorted)).toBe(
    sorted.replace("m365,c,", "m365,b,C2,confirmed,\nm365,c,"),
  );
  const unsorted = `${header}\nrmm,a,C1,confirmed,\nm365,c,C3,confirmed,\nm365,a,C1,confirmed,"two, words"\n`;
  expect(formatMappingCsv("clients", [...rows, decided], unsorted)).toBe(`${unsorted}m365,b,C2,confirmed,\n`);
});

it("keeps columns and blank lines that only the file knows, and adds columns when a row has a value for them", () => {
  const file = `ticket,${header}\nT1,m365,a,C1,confirmed,\n\n,m365,c,C3,confirmed,\n`;
  const plain = rows.slice(0, 2).map((row) => ({...row, note: null}));
  expect(formatMappingCsv("clients", plain, file)).toBe(file);
  const [first, second] = plain;
  expect(formatMappingCsv("clients", [{...first, client_id: "C2", decided_by: "Ann"}, {...second}], file)).toBe(
    `ticket,${header},decided_by\nT1,m365,a,C2,confirmed,,Ann\n\n,m365,c,C3,confirmed,,\n`,
  );
});

it("writes a new file with the known columns that are in use", () => {
  const price = {service_id: "S1", client_id: null, unit_price: "9.50", currency: "USD", valid_from: null};
  expect(formatMappingCsv("prices", [price], "")).toBe(
    "service_id,client_id,unit_price,currency,valid_from,note,decided_by,decided_at\nS1,,9.50,USD,,,,\n",
  );
});
