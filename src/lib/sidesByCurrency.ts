import {fromCents, toCents} from "./cents.js";
import {groupByCurrency} from "./currencyOrder.js";

/**
 * What impacts come to, currency by currency and in each first what is underbilled, then what is overbilled: the two are never
 * set off against each other. A side without any is left out, and so is what has no price.
 */
export function sidesByCurrency(
  rows: readonly {readonly impact_monthly: string | null; readonly currency: string}[],
): {currency: string; amount: string}[] {
  return [...groupByCurrency(rows)].flatMap(([currency, group]) => {
    const cents = group.map(({impact_monthly}) => toCents(impact_monthly));
    return [cents.filter((one) => one > 0), cents.filter((one) => one < 0)]
      .filter((side) => side.length > 0)
      .map((side) => ({currency, amount: fromCents(side.reduce((sum, one) => sum + one, 0))}));
  });
}
