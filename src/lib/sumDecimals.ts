/** `sumDecimals(["0.10", "2", null])` → `2.10`: decimal text in, decimal text out, no digit lost. Null where one is no number. */
export function sumDecimals(values: readonly (string | null)[]): string | null {
  const given = values.filter((value) => value !== null);
  if (!given.every((value) => /^-?\d+(\.\d+)?$/.test(value))) return null;
  const scale = Math.max(0, ...given.map((value) => value.split(".")[1]?.length ?? 0));
  const sum = given.reduce((total, value) => {
    const [whole = "", part = ""] = value.split(".");
    return total + BigInt(whole + part.padEnd(scale, "0"));
  }, 0n);
  const digits = String(sum < 0n ? -sum : sum).padStart(scale + 1, "0");
  const point = digits.length - scale;
  return `${sum < 0n ? "-" : ""}${digits.slice(0, point)}${scale === 0 ? "" : `.${digits.slice(point)}`}`;
}
