import {z} from "zod";

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
  quarterly: "quarterly",
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

/** The cycle of that name; undefined where nobody has said what it means, because a guess would move money. */
export function billingCycleOf(
  name: string | null | undefined,
  own: Readonly<Record<string, BillingCycle>>,
): BillingCycle | undefined {
  return own[name ?? ""] ?? names[(name ?? "").toLowerCase().replaceAll(/[^a-z]/g, "")];
}

export function unknownCycle(name: string | null | undefined): string {
  return `the billing cycle ${JSON.stringify(name ?? null)} is not known: say under billing_cycles what it means`;
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
