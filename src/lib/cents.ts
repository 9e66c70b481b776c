/** Sums in the browser are sums of whole cents: decimal text in, decimal text out. */

/** `toCents("-12.30")` → -1230; null → 0. */
export function toCents(amount: string | null): number {
  if (amount === null) return 0;
  const [, sign = "", whole = "0", part = ""] = /^([+-]?)(\d*)(?:\.(\d*))?$/.exec(amount) ?? [];
  const cents = Number(whole) * 100 + Number(part.padEnd(2, "0").slice(0, 2));
  return sign === "-" && cents !== 0 ? -cents : cents;
}

/** The same, but null stays null: what is unknown is not nothing. */
export function centsIfKnown(amount: string | null): number | null {
  return amount === null ? null : toCents(amount);
}

/** `sumAmounts(["12.30", null, "-0.30"])` → `12.00`: what is unknown adds nothing. Null where nothing is known. */
export function sumAmounts(amounts: readonly (string | null)[]): string | null {
  const known = amounts.filter((amount) => amount !== null);
  return known.length === 0 ? null : fromCents(known.reduce((sum, amount) => sum + toCents(amount), 0));
}

/** `fromCents(-1230)` → `-12.30`. */
export function fromCents(cents: number): string {
  const digits = String(Math.abs(cents)).padStart(3, "0");
  return `${cents < 0 ? "-" : ""}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}
