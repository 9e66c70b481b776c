import {describe, expect, it} from "vitest";
import {
  addDecimals,
  dateOf,
  dayAfter,
  decimalOf,
  divideDecimal,
  domainOf,
  instantOf,
  scaleDecimal,
  textOf,
  wordsOf,
} from "../../loaders/connectors/values.js";

describe("an instant", () => {
  it.each([
    [1732320000.5, "seconds", "2024-11-23T00:00:00.500Z"],
    [1732320000500, "milliseconds", "2024-11-23T00:00:00.500Z"],
    ["2026-11-23T02:00:00Z", undefined, "2026-11-23T02:00:00.000Z"],
    ["2026-11-23T02:00:00+02:00", undefined, "2026-11-23T00:00:00.000Z"],
    ["2026-11-23T02:00:00-0230", undefined, "2026-11-23T04:30:00.000Z"],
    ["2026-11-23T02:00:00", undefined, "2026-11-23T02:00:00.000Z"],
    ["2026-11-23 02:00:00.25", undefined, "2026-11-23T02:00:00.250Z"],
    ["2026-11-23", undefined, "2026-11-23T00:00:00.000Z"],
    ["1971-01-01T00:00:00Z", undefined, "1971-01-01T00:00:00.000Z"],
  ] as const)("of %j in %s is %s", (value, unit, expected) => {
    expect(instantOf(value, unit)).toBe(expected);
  });

  it.each([0, "0", "", null, undefined, "0001-01-01T00:00:00", "1601-01-01T00:00:00Z", "1970-12-31T23:59:59Z", 1])(
    "of %j is none: it means never",
    (value) => {
      expect(instantOf(value)).toBeNull();
    },
  );

  it.each(["n/a", "never 1", "12", "05/06/2026", "11/23/2026 10:00", "2026-13-01", "2026-11-23T99:00:00Z"])(
    "of %j is guessed by nobody: it stays for the schema to refuse",
    (value) => {
      expect(instantOf(value)).toBe(value);
    },
  );
});

it("takes the day of a date or time as it is written, and none before 1971", () => {
  const values = ["2026-11-23T23:59:59-05:00", "2026-11-23", "1970-12-31", "0001-01-01T00:00:00", "", null];
  expect(values.map(dateOf)).toEqual(["2026-11-23", "2026-11-23", null, null, null, null]);
});

it("leaves what is no date to be refused", () => {
  expect(["soon", "12", "0", "1/2/2026"].map(dateOf)).toEqual(["soon", "12", "0", "1/2/2026"]);
});

it("takes for the end of what a vendor says the last day of the first day after it", () => {
  const values = ["2026-12-31", "2028-02-28T00:00:00", "2026-02-28", null, "0001-01-01", "soon"];
  expect(values.map(dayAfter)).toEqual(["2027-01-01", "2028-02-29", "2026-03-01", null, null, "soon"]);
});

it("knows no day after the last one that a calendar of four digits has", () => {
  expect(["9999-12-31T23:59:59Z", "9999-12-30"].map(dayAfter)).toEqual(["9999-12-31", "9999-12-31"]);
});

it.each([
  [0, "0"],
  [12.5, "12.5"],
  ["0012.50", "0012.50"],
  [1e-7, "0.0000001"],
  [-1.5e-7, "-0.00000015"],
  [1e21, "1000000000000000000000"],
  ["1.2345E2", "123.45"],
  ["-12.5e1", "-125"],
  ["12e-1", "1.2"],
  ["1,5", "1,5"],
  ["", null],
  [null, null],
])("writes the number %j as %s, without an exponent", (value, expected) => {
  expect(decimalOf(value)).toBe(expected);
});

it.each([
  ["0.1", "0.2", "0.3"],
  ["99999999999.99", "0.01", "100000000000"],
  ["-1.5", "1.5", "0"],
  ["-1.5", "0.25", "-1.25"],
  ["0.0000005", "0", "0.0000005"],
  ["-0.0000005", "0.0000005", "0"],
  ["0.0000004", ".5", "0.5000004"],
])("adds %s and %s up to %s", (left, right, sum) => {
  expect(addDecimals(left, right)).toBe(sum);
});

it.each([
  ["100", 12, "8.333333"],
  ["200", 3, "66.666667"],
  ["-200", 3, "-66.666667"],
  ["0.000001", 2, "0.000001"],
  ["-0.000001", 2, "-0.000001"],
  ["0.000001", 3, "0"],
  ["120", 12, "10"],
])("divides %s by %i to %s, halves away from zero", (text, divisor, quotient) => {
  expect(divideDecimal(text, divisor)).toBe(quotient);
});

it.each([
  ["10.263", "10", "11", "9.33"],
  ["1", "1", "3", "0.3333"],
  ["2", "1", "3", "0.6667"],
  ["-2", "1", "3", "-0.6667"],
  ["-2", "-1", "3", "0.6667"],
  ["0.0001", "1", "2", "0.0001"],
  ["0", "5", "7", "0"],
])("brings %s times %s by %s to %s, halves away from zero", (text, by, of, scaled) => {
  expect(scaleDecimal(text, by, of)).toBe(scaled);
});

it("takes the domain out of an address, and none out of what has none", () => {
  const addresses = [
    "https://www.Example.com/about",
    "HTTP://shop.example.co.uk:8443?x",
    "www.acme.test",
    "localhost",
    " ",
  ];
  expect(addresses.map(domainOf)).toEqual(["example.com", "shop.example.co.uk", "acme.test", null, null]);
});

it("takes blanks off texts, and reads identifiers as words", () => {
  expect([textOf("  a b\n"), textOf(" \t"), textOf(null)]).toEqual(["a b", null, null]);
  expect([wordsOf("base_workstations_plus"), wordsOf("")]).toEqual(["Base workstations plus", ""]);
});
