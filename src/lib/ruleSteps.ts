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
 * identities taken together. Exact, on ten-thousandths of a unit and ten-billionths of a multiplier.
 */
export function ruleSteps(rules: readonly CountingRule[], sources: readonly CountedSource[]): RuleStep[] {
  const groups = groupBy(rules, ({count_method, rule_id}) => (count_method === "identities" ? "" : rule_id));
  return [...groups.values()].map((group) => {
    const {count_method, multiplier, minimum, maximum} = group[0] as CountingRule;
    const ruleIds = group.map(({rule_id}) => rule_id);
    const counted = sources
      .filter(({rule_id}) => ruleIds.includes(rule_id))
      .reduce((sum, {counted_quantity}) => sum + scaled(counted_quantity), 0n);
    const whole = ceil(counted * scaled(multiplier, 10), 10_000_000_000n * scale) * scale;
    const raised = minimum !== null && whole < scaled(minimum) ? scaled(minimum) : whole;
    const result = maximum !== null && raised > scaled(maximum) ? scaled(maximum) : raised;
    return {ruleIds, method: count_method, counted: text(counted), multiplier, minimum, maximum, result: text(result)};
  });
}

/** Whether the steps, less what agreements include, give the quantity that the marts expect. */
export function stepsExplain(steps: readonly RuleStep[], included: string, expected: string): boolean {
  const sum = steps.reduce((total, {result}) => total + scaled(result), 0n) - scaled(included);
  return (sum < 0n ? 0n : sum) === scaled(expected);
}

const scale = 10_000n;

function scaled(value: string, decimals = 4): bigint {
  const [, sign, whole = "0", part = ""] = /^(-?)(\d*)\.?(\d*)$/.exec(value) ?? [];
  const digits = BigInt(whole + part.padEnd(decimals, "0").slice(0, decimals));
  return sign === "-" ? -digits : digits;
}

function ceil(value: bigint, unit: bigint): bigint {
  return value <= 0n ? value / unit : (value + unit - 1n) / unit;
}

function text(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(5, "0");
  return `${value < 0n ? "-" : ""}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}
