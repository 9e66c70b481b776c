import {isNegative, isZero} from "./format.js";

interface Difference {
  readonly delta_quantity: string | null;
  readonly impact_monthly: string | null;
}

/**
 * Whether a difference is to be credited. Its money says so, as a discount has a price below zero and more of it is a credit;
 * where that is unknown or nothing, its quantity does.
 */
export function isOverbilled({delta_quantity, impact_monthly}: Difference): boolean {
  const signed = impact_monthly === null || isZero(impact_monthly) ? delta_quantity : impact_monthly;
  return isNegative(signed ?? "0");
}
