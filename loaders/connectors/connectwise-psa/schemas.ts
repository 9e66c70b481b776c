import {z} from "zod";
import {idSchema} from "../readStream.js";

/** What is needed of ConnectWise's records. */

const reference = z.object({id: idSchema, name: z.string().nullish()});
const currency = z.object({currencyCode: z.string().nullish()}).nullish();
export const companySchema = z.object({
  id: idSchema,
  name: z.string().min(1),
  deletedFlag: z.boolean().nullish(),
  parentCompany: reference.nullish(),
});
export const catalogSchema = z.object({
  id: idSchema,
  identifier: z.string().nullish(),
  description: z.string().nullish(),
  category: z.object({name: z.string().nullish()}).nullish(),
  price: z.number().nullish(),
  cost: z.number().nullish(),
  recurringBillCycle: z.object({name: z.string().nullish()}).nullish(),
});
export const agreementSchema = z.object({
  id: idSchema,
  name: z.string().nullish(),
  company: reference,
  agreementStatus: z.enum(["Active", "Cancelled", "Expired", "Inactive"]).nullish(),
  cancelledFlag: z.boolean().nullish(),
  dateCancelled: z.string().nullish(),
  billOneTimeFlag: z.boolean().nullish(),
  billingCycle: z.object({name: z.string().nullish()}).nullish(),
  periodType: z.string().nullish(),
  startDate: z.string().min(1),
  endDate: z.string().nullish(),
  noEndingDateFlag: z.boolean().nullish(),
  currency,
});
export const additionSchema = z.object({
  id: idSchema,
  product: z.object({id: idSchema}),
  quantity: z.number(),
  lessIncluded: z.number().nullish(),
  unitPrice: z.number().nullish(),
  unitCost: z.number().nullish(),
  billCustomer: z.enum(["Billable", "DoNotBill", "NoCharge"]),
  effectiveDate: z.string().nullish(),
  cancelledDate: z.string().nullish(),
  description: z.string().nullish(),
  invoiceDescription: z.string().nullish(),
});
export const invoiceSchema = z.object({
  id: idSchema,
  invoiceNumber: z.string().nullish(),
  company: reference,
  agreement: reference.nullish(),
  type: z.string().nullish(),
  status: z.object({name: z.string().nullish()}).nullish(),
  date: z.string().min(1),
  subtotal: z.number().nullish(),
  currency,
});
export const productSchema = z.object({
  id: idSchema,
  catalogItem: z.object({id: idSchema}).nullish(),
  description: z.string().nullish(),
  quantity: z.number(),
  quantityCancelled: z.number().nullish(),
  price: z.number().nullish(),
  billableOption: z.enum(["Billable", "DoNotBill", "NoCharge"]).nullish(),
  cancelledFlag: z.boolean().nullish(),
  invoice: z.object({id: idSchema}),
  agreement: reference.nullish(),
  ticket: reference.nullish(),
  project: reference.nullish(),
  salesOrder: reference.nullish(),
});
