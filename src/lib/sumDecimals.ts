import Big from "big.js";

/** `sumDecimals(["0.10", "2", null])` → `2.10`: decimal text in, decimal text out, no digit lost. Null where one is no number. */
export function sumDecimals(values: readonly (string | null)[]): string | null {
  const given = values.filter((value) => value !== null);
  if (!given.every((value) => /^-?\d+(\.\d+)?$/.test(value))) return null;
  const decimals = given.reduce((most, value) => Math.max(most, value.split(".")[1]?.length ?? 0), 0);
  return given.reduce((sum, value) => sum.plus(value), new Big(0)).toFixed(decimals);
}
