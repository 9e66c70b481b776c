/** Sums in the browser are sums of whole cents: decimal text in, decimal text out. */

/** `toCents("-12.30")` → -1230; null → 0. */
export function toCents(amount: string | null): number {
  if (amount === null) return 0;
  const [, sign = "", whole = "0", part = ""] = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(amount) ?? [];
  const cents = Number(whole) * 100 + Number(part.padEnd(2, "0").slice(0, 2));
  return sign === "-" && cents !== 0 ? -cents : cents;
}

/** `fromCents(-1230)` → `-12.30`. */
export function fromCents(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return `${cents < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
