import {expect, it} from "vitest";
import {currenciesApart, sortRows} from "../../src/lib/sortRows.js";

it("sorts the unknown last in both directions, and leaves equals in their order", () => {
  const rows = [
    {id: 1, value: 5},
    {id: 2, value: null},
    {id: 3, value: 7},
    {id: 4, value: 5},
  ];
  const columns = [{key: "value", sortValue: (row: (typeof rows)[number]) => row.value}];
  expect(sortRows(rows, columns, "value").map(({id}) => id)).toEqual([1, 4, 3, 2]);
  expect(sortRows(rows, columns, "-value").map(({id}) => id)).toEqual([3, 1, 4, 2]);
});

it("sorts numbers by their size, texts by the numbers in them, and the unknown last wherever it stands", () => {
  const sorted = (values: readonly (number | string | null)[], sort = "value") =>
    sortRows(values, [{key: "value", sortValue: (value) => value}], sort);
  expect(sorted([null, 10, 2.5, -3, null, 2.25, -20, null])).toEqual([-20, -3, 2.25, 2.5, 10, null, null, null]);
  expect(sorted([null, -3, null, 2.5], "-value")).toEqual([2.5, -3, null, null]);
  expect(sorted(["pc-10", null, "PC-9", "école"])).toEqual(["école", "PC-9", "pc-10", null]);
});

it("puts what is no amount below those of every currency, and says nothing of currencies where no row has one", () => {
  const columns = [
    {
      key: "value",
      sortValue: ({value}: {value: number}) => value,
      currencyOf: ({value, currency}: {value: number; currency: string}) => (value < 1 ? null : currency),
    },
  ];
  const unknown = [
    {id: 1, value: 0.5, currency: "EUR"},
    {id: 2, value: 0, currency: "EUR"},
    {id: 3, value: 0.25, currency: "USD"},
  ];
  const rows = [...unknown, {id: 4, value: 3, currency: "USD"}, {id: 5, value: 9, currency: "EUR"}];
  expect(sortRows(rows, columns, "-value", "EUR").map(({id}) => id)).toEqual([5, 4, 1, 3, 2]);
  expect(sortRows(rows, columns, "value", "EUR").map(({id}) => id)).toEqual([2, 5, 4, 3, 1]);
  expect(currenciesApart(unknown, columns, "-value", "EUR")).toEqual([]);
});

it("sorts amounts currency by currency, the workspace's own first, and takes 0 for as little in any", () => {
  const rows = [
    {id: 1, value: 5, currency: "CAD"},
    {id: 2, value: 900, currency: "EUR"},
    {id: 3, value: 0, currency: "USD"},
    {id: 4, value: 7, currency: "USD"},
    {id: 5, value: null, currency: "USD"},
    {id: 6, value: -3, currency: "EUR"},
    {id: 7, value: -4, currency: "USD"},
    {id: 8, value: 70, currency: "USD"},
    {id: 9, value: 0, currency: "CAD"},
  ];
  type Row = (typeof rows)[number];
  const columns = [
    {key: "value", sortValue: (row: Row) => row.value, currencyOf: (row: Row) => row.currency},
    {key: "id", sortValue: (row: Row) => row.id},
  ];
  const sorted = (sort: string, of = rows) => sortRows(of, columns, sort, "USD").map(({id}) => id);
  expect(sorted("-value")).toEqual([8, 4, 1, 2, 3, 9, 7, 6, 5]);
  expect(sorted("value")).toEqual([7, 6, 3, 9, 4, 8, 1, 2, 5]);
  expect(sorted("-id")).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1]);
  expect(currenciesApart(rows, columns, "-value", "USD")).toEqual(["USD", "CAD", "EUR"]);
  expect(currenciesApart(rows, columns, "-id", "USD")).toEqual([]);
  const ofTwo = rows.filter(({currency}) => currency !== "CAD");
  expect(currenciesApart(ofTwo, columns, "value", "EUR")).toEqual(["EUR", "USD"]);
  const ofOne = rows.filter(({currency}) => currency === "USD");
  expect(currenciesApart(ofOne, columns, "-value", "USD")).toEqual([]);
});
