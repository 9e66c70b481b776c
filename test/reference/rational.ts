/** An exact fraction; the denominator is positive. */
export interface Rational {
  readonly n: bigint;
  readonly d: bigint;
}

export const zero: Rational = {n: 0n, d: 1n};
export const one: Rational = {n: 1n, d: 1n};

/** `"-1.25"` → -125/100. Throws on anything but a plain decimal number. */
export function decimal(text: string): Rational {
  const match = /^([+-]?)(\d*)\.?(\d*)$/.exec(text);
  if (match === null || text === "" || `${match[2]}${match[3]}` === "") throw new Error(`Not a decimal: ${text}`);
  const [, sign, whole = "", fraction = ""] = match;
  const n = BigInt(`${whole}${fraction}`);
  return {n: sign === "-" ? -n : n, d: 10n ** BigInt(fraction.length)};
}

export function integer(value: number): Rational {
  return {n: BigInt(value), d: 1n};
}

export function add(a: Rational, b: Rational): Rational {
  return {n: a.n * b.d + b.n * a.d, d: a.d * b.d};
}

export function subtract(a: Rational, b: Rational): Rational {
  return add(a, negate(b));
}

export function negate(a: Rational): Rational {
  return {n: -a.n, d: a.d};
}

export function absolute(a: Rational): Rational {
  return a.n < 0n ? negate(a) : a;
}

export function multiply(a: Rational, b: Rational): Rational {
  return {n: a.n * b.n, d: a.d * b.d};
}

export function divide(a: Rational, b: Rational): Rational {
  if (b.n === 0n) throw new Error("Division by zero");
  return b.n < 0n ? {n: -a.n * b.d, d: a.d * -b.n} : {n: a.n * b.d, d: a.d * b.n};
}

/** Negative, zero or positive, as a is less than, equal to or greater than b. */
export function compare(a: Rational, b: Rational): number {
  const difference = a.n * b.d - b.n * a.d;
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

export function isZero(a: Rational): boolean {
  return a.n === 0n;
}

export function maximumOf(a: Rational, b: Rational): Rational {
  return compare(a, b) >= 0 ? a : b;
}

export function minimumOf(a: Rational, b: Rational): Rational {
  return compare(a, b) <= 0 ? a : b;
}

export function sum(values: readonly Rational[]): Rational {
  return values.reduce(add, zero);
}

/** The least integer that is not less. */
export function ceiling(a: Rational): Rational {
  const quotient = a.n / a.d;
  return {n: a.n > 0n && a.n % a.d !== 0n ? quotient + 1n : quotient, d: 1n};
}

/** Rounds half away from zero to so many decimals. */
export function round(a: Rational, decimals: number): Rational {
  const scale = 10n ** BigInt(decimals);
  const {n, d} = absolute(a);
  const rounded = (2n * n * scale + d) / (2n * d);
  return {n: a.n < 0n ? -rounded : rounded, d: scale};
}

/** The rounded value as a decimal with exactly so many digits after the dot. */
export function format(a: Rational, decimals: number): string {
  const {n} = round(a, decimals);
  const digits = String(n < 0n ? -n : n).padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const text = decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`;
  return n < 0n ? `-${text}` : text;
}
