import fc from "fast-check";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {type Database, openDatabase} from "../../loaders/database.js";
import {readMacros} from "../../loaders/marts/models.js";

let database: Database;
beforeAll(async () => {
  database = await openDatabase();
  await database.run(await readMacros());
});
afterAll(() => database.close());

/** Whole numbers of every size up to so many digits: those that 64 bits hold, those that they do not, and both sides of a limit. */
function wholeNumbers(digits: number): fc.Arbitrary<bigint> {
  return fc
    .tuple(fc.integer({min: 0, max: digits}), fc.constantFrom(-1n, 1n), fc.nat())
    .chain(([length, sign, nearby]) => {
      const limit = 10n ** BigInt(length);
      return fc.constantFrom(limit, limit - 1n, limit - 2n, BigInt(nearby) % limit).map((number) => sign * number);
    });
}

function roundHalfAway(numerator: bigint, divisor: bigint): bigint {
  const size = (value: bigint) => (value < 0n ? -value : value);
  const rounded = (2n * size(numerator) + size(divisor)) / (2n * size(divisor));
  return numerator < 0n === divisor < 0n ? rounded : -rounded;
}

/** 12345n with four decimals → "1.2345" */
function decimal(units: bigint, decimals: number): string {
  const digits = String(units < 0n ? -units : units).padStart(decimals + 1, "0");
  return `${units < 0n ? "-" : ""}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

/**
 * Works an expression of a and b out over many rows at once, as the models do, and compares each with what it should give. a
 * and b are of one type each.
 */
async function expectRows<Row>(
  rows: readonly Row[],
  {given, sql, expected}: {given: (row: Row) => string[]; sql: string; expected: (row: Row) => string | null},
): Promise<void> {
  const values = rows.map((row, place) => `(${[String(place), ...given(row)].join(", ")})`).join(", ");
  const columns = ["place", "a", "b"].slice(0, 1 + given(rows[0] as Row).length).join(", ");
  const found = await database.rows(
    `select cast(${sql} as varchar) as value from (values ${values}) as given(${columns}) order by place`,
  );
  expect(found.map(({value}) => value)).toEqual(rows.map(expected));
}

function typed(value: bigint | string, type: string): string {
  return `cast('${value}' as ${type})`;
}

const runs = {numRuns: 10, seed: 20261123};
const many = {minLength: 60, maxLength: 60};

describe("the macros of the models", () => {
  it("divides whole numbers of any size and rounds half away from zero", async () => {
    const divisions = fc.array(fc.tuple(wholeNumbers(35), wholeNumbers(35)), many);
    const halves: [bigint, bigint][] = [5n, -5n, 15n, 14n].map((n) => [n, 10n]);
    await fc.assert(
      fc.asyncProperty(divisions, (pairs) =>
        expectRows([...pairs, ...halves, [7n, 0n]], {
          given: (pair) => pair.map((number) => typed(number, "hugeint")),
          sql: "round_div(a, b)",
          expected: ([n, d]) => (d === 0n ? null : String(roundHalfAway(n as bigint, d as bigint))),
        }),
      ),
      runs,
    );
  });

  it.each([
    ["The Acme Co., Ltd.", "acme"],
    ["Łódź & Söhne GmbH", "lodz and sohne"],
    ["The", "the"],
    ["---", "---"],
    [" ★★ ", "★★"],
  ])("compares %j as %j", async (name, expected) => {
    expect(await database.rows(`select normal_name('${name}') as name`)).toEqual([{name: expected}]);
  });

  it("takes quantities, prices and amounts of any size for whole units", async () => {
    const reading = (units: readonly bigint[], sql: string, decimals: number) =>
      expectRows(units, {
        given: (unit) => [typed(decimal(unit, decimals), `decimal(18, ${decimals})`)],
        sql,
        expected: String,
      });
    await fc.assert(
      fc.asyncProperty(fc.array(wholeNumbers(17), many), async (units) => {
        await reading(units, "quantity_units(a)", 4);
        await reading(units, "price_units(a)", 6);
        await reading(units, "amount_units(a)", 2);
      }),
      runs,
    );
  });

  it("multiplies a quantity by a price of any size and rounds once", async () => {
    const factors = fc.array(fc.tuple(wholeNumbers(14), wholeNumbers(9)), many);
    const halves: [bigint, bigint][] = [5000n, -5000n].map((quantity) => [quantity, 10000n]);
    await fc.assert(
      fc.asyncProperty(factors, (pairs) =>
        expectRows([...pairs, ...halves], {
          given: ([q, p]) => [typed(decimal(q, 4), "decimal(18, 4)"), typed(decimal(p, 6), "decimal(18, 6)")],
          sql: "multiply_to_amount(a, b)",
          expected: ([q, p]) => decimal(roundHalfAway(q * p, 10n ** 8n), 2),
        }),
      ),
      runs,
    );
  });

  it("writes numbers as people do, whole ones with all of their zeros", async () => {
    await expectRows(["0", "100", "-20"], {
      given: (number) => [`${number}::bigint`],
      sql: "number_text(a)",
      expected: (number) => number,
    });
    const written = {"0.0000": "0", "100.0000": "100", "-20.5000": "-20.5", "0.0125": "0.0125", "10.0500": "10.05"};
    await expectRows(Object.entries(written), {
      given: ([number]) => [typed(number, "decimal(18, 4)")],
      sql: "number_text(a)",
      expected: ([, text]) => text,
    });
  });

  it("writes money with two decimals at least, and its currency", async () => {
    const written = {
      "12.000000": "12.00 USD",
      "3.400000": "3.40 USD",
      "0.012500": "0.0125 USD",
      "-10.250000": "-10.25 USD",
    };
    await expectRows(Object.entries(written), {
      given: ([number]) => [typed(number, "decimal(18, 6)")],
      sql: "money_text(a, 'USD')",
      expected: ([, text]) => text,
    });
  });

  it("takes away the spaces around a text and nothing else", async () => {
    const texts = fc.array(fc.string({unit: fc.constantFrom(" ", "a", "é", "\t", "\u00a0")}), many);
    await fc.assert(
      fc.asyncProperty(texts, (all) =>
        expectRows(all, {
          given: (text) => [`'${text}'`],
          sql: "trimmed(a)",
          expected: (text) => text.replace(/^\p{Zs}+|\p{Zs}+$/gu, ""),
        }),
      ),
      runs,
    );
  });
});
