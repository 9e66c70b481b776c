import {workspaceCurrency} from "./data.js";
import {groupBy} from "./groupBy.js";

/** How currencies stand wherever there are several: the workspace's own first, the others by code. */
export function currencyOrder(own: string): (a: string, b: string) => number {
  return (a, b) => Number(b === own) - Number(a === own) || Number(a > b) - Number(a < b);
}

/** Rows in that order, those of a currency as they were. */
export function inCurrencyOrder<T extends {readonly currency?: unknown}>(
  rows: readonly T[],
  own = workspaceCurrency(),
): T[] {
  const order = currencyOrder(own);
  return [...rows].sort((a, b) => order(String(a.currency), String(b.currency)));
}

/** Rows of each currency, in that order. */
export function groupByCurrency<T extends {readonly currency: string}>(rows: readonly T[]): Map<string, T[]> {
  return groupBy(inCurrencyOrder(rows), ({currency}) => currency);
}
