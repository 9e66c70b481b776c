import {z} from "zod";
import {decimalOf, divideDecimal, lookUp} from "./values.js";

/** What PSA connectors share: billing cycles, and how far back invoices are read. */

const cycles = ["monthly", "quarterly", "semiannual", "annual", "one_time"] as const;
export type BillingCycle = (typeof cycles)[number];

export const monthsOfCycle: Readonly<Record<BillingCycle, number | null>> = {
  monthly: 1,
  quarterly: 3,
  semiannual: 6,
  annual: 12,
  one_time: null,
};

const names: Readonly<Record<string, BillingCycle>> = {
  monthly: "monthly",
  "3monthly": "quarterly",
  quarterly: "quarterly",
  "6monthly": "semiannual",
  semiannual: "semiannual",
  semiannually: "semiannual",
  halfyearly: "semiannual",
  annual: "annual",
  annually: "annual",
  yearly: "annual",
  onetime: "one_time",
};

export const billingCyclesSetting = z
  .record(z.string(), z.enum(cycles))
  .default({})
  .describe(`What your own names of billing cycles mean: ${cycles.join(", ")}.`);

/** The cycle of that name; undefined where nobody has said what it means. */
export function billingCycleOf(
  name: string | null | undefined,
  own: Readonly<Record<string, BillingCycle>>,
): BillingCycle | undefined {
  // `6-Monthly` is not monthly; `Monthly (15th)` says nothing of the kind.
  const [, number = "", words = ""] = /^\W*(\d*)(.*)$/s.exec(name?.toLowerCase() ?? "") ?? [];
  return lookUp(own, name) ?? lookUp(names, number + words.replaceAll(/[^a-z]/g, ""));
}

/** The same within a schema: a name that nobody has explained is an issue, because a guess would move money. */
export function requireBillingCycle(
  name: string | null | undefined,
  own: Readonly<Record<string, BillingCycle>>,
  issues: z.RefinementCtx,
  path: string[],
): BillingCycle {
  const cycle = billingCycleOf(name, own);
  if (cycle !== undefined) return cycle;
  const message = name
    ? `the billing cycle ${JSON.stringify(name)} is not known: say under billing_cycles in workspace.yaml what it means`
    : 'it names no billing cycle: let it have one there, or say under billing_cycles in workspace.yaml what "" means';
  issues.addIssue({code: "custom", path, message});
  return z.NEVER;
}

/** A price for a cycle of so many months as a price a month; null where either is not known. */
export function pricePerMonth(price: number | null | undefined, months: number | null): string | null {
  const text = decimalOf(price);
  return text === null || months === null ? null : divideDecimal(text, months);
}

export const invoiceMonthsSetting = z
  .int()
  .min(1)
  .default(13)
  .describe("How many months of invoices to read. A year and a month see every yearly invoice.");

/** The first day of the month so many months before. */
export function monthsBefore(now: Date, months: number): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1)).toISOString().slice(0, 10);
}
