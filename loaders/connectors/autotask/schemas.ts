import {z} from "zod";
import {idSchema} from "../readStream.js";
import {dateOf} from "../values.js";

/** What Trueup needs of Autotask's entities. */

export const companySchema = z.object({
  id: idSchema,
  companyName: z.string().min(1),
  isActive: z.union([z.boolean(), z.number()]).nullish(),
  parentCompanyID: idSchema.nullish(),
  lastActivityDate: z.string().nullish(),
  currencyID: idSchema.nullish(),
});
export const serviceSchema = z.object({
  id: idSchema,
  name: z.string().min(1),
  periodType: idSchema,
  unitPrice: z.number().nullish(),
  unitCost: z.number().nullish(),
});
export const contractSchema = z.object({
  id: idSchema,
  companyID: idSchema,
  contractName: z.string().nullish(),
  status: z.int(),
  startDate: z.string().min(1),
  endDate: z.string().nullish(),
});
export const contractServiceSchema = z.object({
  id: idSchema,
  contractID: idSchema,
  serviceID: idSchema.nullish(),
  serviceBundleID: idSchema.nullish(),
  unitPrice: z.number().nullish(),
  adjustedPrice: z.number().nullish(),
  internalCurrencyUnitPrice: z.number().nullish(),
  internalCurrencyAdjustedPrice: z.number().nullish(),
  unitCost: z.number().nullish(),
  invoiceDescription: z.string().nullish(),
});
/** Without it units would be of no day, and their line's quantity 0. */
const daySchema = z
  .string()
  .refine((value) => /^\d{4}-\d{2}-\d{2}/.test(value) && dateOf(value) !== null, {error: "expected a date"});
export const unitsSchema = z.object({
  id: idSchema,
  contractServiceID: idSchema.nullish(),
  contractServiceBundleID: idSchema.nullish(),
  units: z.number(),
  startDate: daySchema,
  endDate: daySchema,
});
export const billingItemSchema = z.object({
  id: idSchema,
  invoiceID: idSchema.nullish(),
  contractID: idSchema.nullish(),
  contractServiceID: idSchema.nullish(),
  contractServiceBundleID: idSchema.nullish(),
  contractServiceAdjustmentID: idSchema.nullish(),
  contractServiceBundleAdjustmentID: idSchema.nullish(),
  serviceID: idSchema.nullish(),
  serviceBundleID: idSchema.nullish(),
  itemDate: z.string().nullish(),
  itemName: z.string().nullish(),
  description: z.string().nullish(),
  quantity: z.number().nullish(),
  rate: z.number().nullish(),
  extendedPrice: z.number().nullish(),
  taxDollars: z.number().nullish(),
  totalAmount: z.number().nullish(),
});
export const invoiceSchema = z.object({
  id: idSchema,
  invoiceNumber: z.string().nullish(),
  companyID: idSchema,
  invoiceDateTime: z.string().min(1),
  fromDate: z.string().nullish(),
  toDate: z.string().nullish(),
  isVoided: z.boolean().nullish(),
  invoiceTotal: z.number().nullish(),
});
