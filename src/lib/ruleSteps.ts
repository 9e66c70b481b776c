import Big from "big.js";
import {groupBy} from "./groupBy.js";

/** A rule of the service mapping, as far as counting needs it. Decimals as text. */
export interface CountingRule {
  readonly rule_id: string;
  readonly connection_id: string;
  readonly count_method: string;
  readonly multiplier: string;
  readonly minimum: string | null;
  readonly maximum: string | null;
}

export interface CountedSource {
  readonly rule_id: string;
  readonly counted_quantity: string;
}

/** What one rule, or the rules that count people together, make of their count. */
export interface RuleStep {
  readonly ruleIds: readonly string[];
  readonly method: string;
  readonly counted: string;
  readonly multiplier: string;
  readonly minimum: string | null;
  readonly maximum: string | null;
  readonly result: string;
}

/**
 * The steps from counts to units: `clamp(ceil(multiplier × count), minimum, maximum)` for each rule, rules that count
 * identities taken together. Exact.
 */
export function ruleSteps(rules: readonly CountingRule[], sources: readonly CountedSource[]): RuleStep[] {
  const groups = groupBy(rules, ({count_method, rule_id}) => (count_method === "identities" ? "" : rule_id));
  return [...groups.values()].map((group) => {
    const {count_method, multiplier, minimum, maximum} = group[0] as CountingRule;
    const ruleIds = group.map(({rule_id}) => rule_id);
    const counted = sources
      .filter(({rule_id}) => ruleIds.includes(rule_id))
      .reduce((sum, {counted_quantity}) => sum.plus(counted_quantity), zero);
    const whole = ceil(counted.times(multiplier));
    const raised = minimum !== null && whole.lt(minimum) ? new Big(minimum) : whole;
    const result = maximum !== null && raised.gt(maximum) ? new Big(maximum) : raised;
    return {ruleIds, method: count_method, counted: text(counted), multiplier, minimum, maximum, result: text(result)};
  });
}

/** Whether the steps, less what agreements include, give the quantity that the marts expect. */
export function stepsExplain(steps: readonly RuleStep[], included: string, expected: string): boolean {
  const sum = steps.reduce((total, {result}) => total.plus(result), zero).minus(included);
  return (sum.lt(0) ? zero : sum).eq(expected);
}

const zero = new Big(0);

function ceil(value: Big): Big {
  return value.round(0, value.lt(0) ? Big.roundDown : Big.roundUp);
}

function text(value: Big): string {
  return value.toFixed(4);
}
