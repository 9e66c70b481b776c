import {add, divide, integer, isZero, multiply, type Rational, round, subtract, sum, zero} from "./rational.js";

/**
 * An amount in parts in proportion to the weights, or in equal ones if all weigh nothing; rounded on the running total, so
 * that the parts add up to it.
 */
export function shareOut(amount: Rational, weights: readonly Rational[]): Rational[] {
  const isWeightless = isZero(sum(weights));
  const parts = isWeightless ? weights.map(() => integer(1)) : weights;
  const whole = sum(parts);
  let weight = zero;
  let given = zero;
  return parts.map((part) => {
    weight = add(weight, part);
    const upToHere = round(divide(multiply(amount, weight), whole), 2);
    const share = subtract(upToHere, given);
    given = upToHere;
    return share;
  });
}
