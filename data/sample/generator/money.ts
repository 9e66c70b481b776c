/** Prices are counted in cents and written with two decimals. */
export function money(cents: number): string {
  return (cents / 100).toFixed(2);
}

export function cents(price: string | number | null | undefined): number {
  return Math.round(Number(price ?? 0) * 100);
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
