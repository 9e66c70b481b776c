import {isZero} from "./format.js";

/** `knownSum("0.00", true)` → null: a sum of none but impacts without a price is unknown, and not 0. */
export function knownSum(sum: string, isAnyUnpriced: boolean): string | null {
  return isZero(sum) && isAnyUnpriced ? null : sum;
}

/** Both sides and their net, each as far as it is known: of a side that is not, nobody knows how it would change a net of 0. */
export function knownSums(
  {under, over, net}: Readonly<Record<"under" | "over" | "net", string>>,
  isUnpriced: Readonly<Record<"under" | "over", boolean>>,
): Record<"under" | "over" | "net", string | null> {
  const [knownUnder, knownOver] = [knownSum(under, isUnpriced.under), knownSum(over, isUnpriced.over)];
  return {under: knownUnder, over: knownOver, net: knownSum(net, knownUnder === null || knownOver === null)};
}
