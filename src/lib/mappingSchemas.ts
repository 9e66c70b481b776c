import {z} from "zod";
import {type MappingTable, metrics, seatKinds, seatStatuses} from "./mappingTables.js";

// The pages' policy forbids what zod compiles schemas with, and even to ask whether it may.
if (typeof document !== "undefined") z.config({jitless: true});

const text = z.string().min(1).nullable();
const required = z.string({error: "a value is required"}).min(1);
/** Whether a decimal number has no more digits before its dot than its type holds. */
const holds = (digits: number) => (value: string) => (/^[+-]?0*(\d*)/.exec(value)?.[1] ?? "").length <= digits;
const nonNegative = /^\+?(\d+(\.\d*)?|\.\d+)$/;
const tooLarge = {error: "is too large"};
const number = z.string().regex(/^[+-]?(\d+(\.\d*)?|\.\d+)$/, {
  error: "expected a decimal number with a dot and no thousands separator",
});
const decimal = number.refine(holds(14), tooLarge).nullable();
/** Rounded to fewer, it could bring a count over the next whole unit. */
const multiplier = number
  .refine(holds(8), tooLarge)
  .refine((value) => !/\.\d{10,}[1-9]/.test(value), {error: "has more than 10 decimals"})
  .nullable();
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, {error: "expected an ISO 4217 code in capitals"})
  .nullable();
const date = z.iso.date({error: "expected a real date as YYYY-MM-DD"}).nullable();

const counts = ["seats", "identities", ...metrics] as const;

const list = (allowed: readonly string[]) =>
  z
    .string()
    .refine((value) => value.split(";").every((item) => allowed.includes(item.trim().toLowerCase())), {
      error: `expected ${allowed.join(", ")}, separated by semicolons`,
    })
    .nullable();

/** Who decided and when, as people or the pages put it: kept and shown, never part of a figure. */
const decision = {decided_by: text, decided_at: text};

const clientLink = z.object({
  connection_id: required,
  account_id: required,
  client_id: text,
  status: z.enum(["confirmed", "excluded"], {
    error: "expected confirmed or excluded",
  }),
  note: text,
  ...decision,
});

const serviceRule = z.object({
  rule_id: required,
  service_id: required,
  connection_id: required,
  product_ids: required.refine(
    (value) => {
      const ids = value.split(";").map((id) => id.trim());
      return ids.every((id) => id !== "") && (ids.length === 1 || !ids.includes("*"));
    },
    {error: "expected product ids separated by semicolons, or * alone"},
  ),
  client_id: text,
  kinds: list(seatKinds),
  statuses: list(seatStatuses),
  count: z.enum(counts, {error: `expected one of ${counts.join(", ")}`}).nullable(),
  multiplier,
  minimum: decimal,
  maximum: decimal,
  valid_from: date,
  valid_to: date,
  status: z.enum(["active", "off"], {error: "expected active or off"}).nullable(),
  note: text,
  ...decision,
});

const exclusion = z.object({
  connection_id: required,
  account_id: text,
  product_id: text,
  seat_id: text,
  reason: required,
  expires_on: date,
  ...decision,
});

const price = z.object({
  service_id: required,
  client_id: text,
  unit_price: z
    .string({error: "a value is required"})
    .regex(nonNegative, {
      error: "expected a price with a dot, not negative",
    })
    .refine(holds(12), tooLarge),
  currency,
  valid_from: date,
  note: text,
  ...decision,
});

const words = ["bill", "credit", "accept", "dispute", "ignore"] as const;
const notNegative = z
  .string()
  .regex(nonNegative, {error: "expected a number with a dot, not negative"})
  .refine(holds(14), tooLarge)
  .nullable();

/** What was decided about a discrepancy, and the figures that it was decided about. */
const discrepancyDecision = z.object({
  client_id: required,
  service_id: text,
  connection_id: text,
  product_id: text,
  period: z
    .string()
    .regex(/^\d{4}-(0[1-9]|1[0-2])$/, {error: "expected a month as YYYY-MM"})
    .nullable(),
  until: date,
  decision: z.enum(words, {error: `expected one of ${words.join(", ")}`}).nullable(),
  quantity: notNegative,
  amount: notNegative,
  currency,
  delta_quantity: decimal,
  impact_monthly: decimal,
  reason: text,
  owner: text,
  decided_by: text,
  decided_at: z
    .union([z.iso.date(), z.iso.datetime({offset: true})], {
      error: "expected a day as YYYY-MM-DD, or a time with its offset such as 2026-11-23T09:00:00Z",
    })
    .nullable(),
});

export type ServiceRule = z.infer<typeof serviceRule>;
export type Decision = z.infer<typeof discrepancyDecision>;

/** The mapping files by name, with the schema of a row. */
export const mappingSchemas = {
  clients: clientLink,
  services: serviceRule,
  exclusions: exclusion,
  prices: price,
  decisions: discrepancyDecision,
} as const satisfies Record<MappingTable, z.ZodObject>;

export type Decided<T> = T & {readonly line: number};

/** What people decided, row by row, each with the line it stands on. */
export type CheckedMappings = {
  readonly [Table in MappingTable]: readonly Decided<z.infer<(typeof mappingSchemas)[Table]>>[];
};
