import {isZero} from "./format.js";

/** `knownSum("0.00", true)` → null: a sum of none but impacts without a price is unknown, and not 0. */
export function knownSum(sum: string, isAnyUnpriced: boolean): string | null {
  return isZero(sum) && isAnyUnpriced ? null : sum;
}
