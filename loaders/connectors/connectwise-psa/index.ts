import PQueue from "p-queue";
import {z} from "zod";
import {
  billingCycleOf,
  billingCyclesSetting,
  invoiceMonthsSetting,
  monthsBefore,
  monthsOfCycle,
  pricePerMonth,
  requireBillingCycle,
} from "../billing.js";
import type {Connector, ConnectorContext} from "../connector.js";
import {addressSchema, connectTo, httpSettings, limiterOf} from "../connectTo.js";
import {basicAuth} from "../http/auth.js";
import type {HttpClient} from "../http/client.js";
import {nextLink, type Page, readPages, rowsAt} from "../http/pages.js";
import {idSchema, readStream} from "../readStream.js";
import {dateOf, dayAfter, decimalOf, lookUp, textOf} from "../values.js";

/**
 * ConnectWise PSA: companies are clients, the catalogue is the services, additions are the lines of agreements.
 * https://developer.connectwise.com/Products/ConnectWise_PSA
 *
 * What is billed is what the additions say: the API gives no invoice lines for them, so an invoice shows that its agreement
 * was invoiced, not how much of what. Products on invoices are invoice lines. An addition with DoNotBill is not billed and
 * left out, one with NoCharge has the price 0. An addition's price is for one billing cycle of its agreement. Statuses and
 * types can be renamed in ConnectWise and are not relied on: a company is inactive when it is deleted, an agreement is
 * billed when its `agreementStatus` is Active, one that is cancelled for a later day until then. The client is the
 * agreement's company, whoever pays. `endDate` is the last day; `cancelledDate` of an addition and `dateCancelled` of an
 * agreement are taken as the first day that is no longer billed. `periodType` Future is billing in advance; the others say
 * nothing about it. A credit memo is no invoice of its agreement: it bills nothing.
 */

const settingsSchema = z.strictObject({
  base_url: addressSchema.describe("Your site, such as https://api-na.myconnectwise.net."),
  company_id: z.string().min(1).describe("The company id that you sign in with."),
  public_key: z.string().min(1).describe("Public key of the API member."),
  private_key: z.string().min(1).describe("Private key of the API member."),
  client_id: z.string().min(1).describe("Client id of the integration, from developer.connectwise.com."),
  billing_cycles: billingCyclesSetting,
  invoice_statuses: z
    .record(z.string(), z.enum(["draft", "void"]))
    .default({})
    .describe("Names of invoice statuses that are not invoiced: draft or void. Every other one counts as posted."),
  invoice_months: invoiceMonthsSetting,
  ...httpSettings,
});

type Settings = z.infer<typeof settingsSchema>;

const pageSize = 1000;
/** Agreements whose additions are read at the same time. */
const agreementsAtOnce = 8;

const reference = z.object({id: idSchema, name: z.string().nullish()});
const currency = z.object({currencyCode: z.string().nullish()}).nullish();
const companySchema = z.object({
  id: idSchema,
  name: z.string().min(1),
  deletedFlag: z.boolean().nullish(),
  parentCompany: reference.nullish(),
});
const catalogSchema = z.object({
  id: idSchema,
  identifier: z.string().nullish(),
  description: z.string().nullish(),
  category: z.object({name: z.string().nullish()}).nullish(),
  price: z.number().nullish(),
  cost: z.number().nullish(),
  recurringBillCycle: z.object({name: z.string().nullish()}).nullish(),
});
const agreementSchema = z.object({
  id: idSchema,
  name: z.string().nullish(),
  company: reference,
  agreementStatus: z.enum(["Active", "Cancelled", "Expired", "Inactive"]).nullish(),
  cancelledFlag: z.boolean().nullish(),
  dateCancelled: z.string().nullish(),
  oneTimeFlag: z.boolean().nullish(),
  billingCycle: z.object({name: z.string().nullish()}).nullish(),
  periodType: z.string().nullish(),
  startDate: z.string().min(1),
  endDate: z.string().nullish(),
  noEndingDateFlag: z.boolean().nullish(),
  currency,
});
const additionSchema = z.object({
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
const invoiceSchema = z.object({
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
const productSchema = z.object({
  id: idSchema,
  catalogItem: z.object({id: idSchema}).nullish(),
  description: z.string().nullish(),
  quantity: z.number(),
  quantityCancelled: z.number().nullish(),
  price: z.number().nullish(),
  billableOption: z.enum(["Billable", "DoNotBill", "NoCharge"]).nullish(),
  cancelledFlag: z.boolean().nullish(),
  invoice: z.object({id: idSchema}),
});

type Agreement = z.infer<typeof agreementSchema>;

function statusOf(
  {agreementStatus, cancelledFlag, dateCancelled}: Agreement,
  now: Date,
): "active" | "cancelled" | "expired" {
  const isCancelled = cancelledFlag && (dateOf(dateCancelled) ?? "") <= now.toISOString().slice(0, 10);
  if (isCancelled || agreementStatus === "Cancelled") return "cancelled";
  return agreementStatus === "Expired" || agreementStatus === "Inactive" ? "expired" : "active";
}

function endOf({noEndingDateFlag, endDate, cancelledFlag, dateCancelled}: Agreement): string | null {
  const end = noEndingDateFlag ? null : dayAfter(endDate);
  const cancelled = cancelledFlag ? dateOf(dateCancelled) : null;
  return cancelled !== null && (end === null || cancelled < end) ? cancelled : end;
}

function connect(context: ConnectorContext<Settings>): HttpClient {
  const {base_url, company_id, public_key, private_key, client_id} = context.settings;
  return connectTo(context, {
    baseUrl: `${base_url}/v4_6_release/apis/3.0`,
    auth: () => basicAuth(`${company_id}+${public_key}`, private_key, context.redactor),
    headers: {clientId: client_id},
    limiter: limiterOf(context, {concurrency: agreementsAtOnce}),
    remedies: {
      401: "The company id, a key or the client id is wrong or was revoked, or the site is another region's: check what stands in the environment.",
      403: "The API member's security role lacks an inquiry permission: the guide lists them.",
    },
  });
}

function list(client: HttpClient, path: string, fields: string, conditions?: string): AsyncGenerator<Page> {
  return readPages(
    client,
    {path, query: {pageSize, fields, conditions, orderBy: "id"}, headers: {"pagination-type": "forward-only"}},
    {rows: rowsAt(), next: nextLink},
  );
}

export const connectWisePsa: Connector<Settings> = {
  name: "connectwise-psa",
  side: "psa",
  description: "ConnectWise PSA: companies, agreements with their additions, the catalogue, invoices.",
  settings: settingsSchema,
  secrets: ["public_key", "private_key", "client_id"],

  async test(context) {
    const {body} = await connect(context).read({path: "/company/companies", query: {pageSize: 1, fields: "id,name"}});
    return `ConnectWise PSA answers; the API member ${rowsAt()(body).length > 0 ? "can read companies" : "sees no company yet"}.`;
  },

  async sync(context, sink) {
    const client = connect(context);
    const {settings} = context;
    await readStream(context, sink, {
      name: "companies",
      table: "clients",
      pages: list(client, "/company/companies", "id,name,deletedFlag,parentCompany"),
      schema: companySchema,
      toRows: ({id, name, deletedFlag, parentCompany}) => ({
        clients: [
          {
            client_id: id,
            client_name: name,
            status: deletedFlag ? "inactive" : "active",
            parent_client_id: parentCompany?.id,
          },
        ],
      }),
    });
    await readStream(context, sink, {
      name: "catalog",
      table: "services",
      pages: list(client, "/procurement/catalog", "id,identifier,description,category,price,cost,recurringBillCycle"),
      schema: catalogSchema,
      toRows: (item) => {
        // Prices for a cycle of unknown length are no prices a month.
        const name = item.recurringBillCycle?.name;
        const cycle = name ? billingCycleOf(name, settings.billing_cycles) : "monthly";
        const months = cycle === undefined ? null : monthsOfCycle[cycle];
        return {
          services: [
            {
              service_id: item.id,
              service_name: textOf(item.description) ?? textOf(item.identifier) ?? item.id,
              category: textOf(item.category?.name),
              list_price: pricePerMonth(item.price, months),
              unit_cost: pricePerMonth(item.cost, months),
            },
          ],
        };
      },
    });
    const agreements: string[] = [];
    const agreementFields =
      "id,name,company,agreementStatus,cancelledFlag,dateCancelled,oneTimeFlag,billingCycle,periodType,startDate,endDate,noEndingDateFlag,currency";
    await readStream(context, sink, {
      name: "agreements",
      table: "agreements",
      pages: list(client, "/finance/agreements", agreementFields),
      schema: agreementSchema.transform((agreement, issues) => ({
        ...agreement,
        cycle: agreement.oneTimeFlag
          ? "one_time"
          : requireBillingCycle(agreement.billingCycle?.name, settings.billing_cycles, issues, [
              "billingCycle",
              "name",
            ]),
      })),
      toRows: (agreement) => {
        agreements.push(agreement.id);
        return {
          agreements: [
            {
              agreement_id: agreement.id,
              client_id: agreement.company.id,
              agreement_name: textOf(agreement.name),
              status: statusOf(agreement, context.now),
              billing_cycle: agreement.cycle,
              billing_timing: agreement.periodType === "Future" ? "advance" : null,
              start_date: dateOf(agreement.startDate),
              end_date: endOf(agreement),
              currency: textOf(agreement.currency?.currencyCode),
            },
          ],
        };
      },
    });
    const additionFields =
      "id,product,quantity,lessIncluded,unitPrice,unitCost,billCustomer,effectiveDate,cancelledDate,description,invoiceDescription";
    const readAdditions = (agreement: string) =>
      readStream(context, sink, {
        name: "additions",
        table: "agreement_lines",
        pages: list(client, `/finance/agreements/${encodeURIComponent(agreement)}/additions`, additionFields),
        schema: additionSchema,
        toRows: (addition) => {
          if (addition.billCustomer === "DoNotBill") return {};
          return {
            agreement_lines: [
              {
                agreement_line_id: addition.id,
                agreement_id: agreement,
                service_id: addition.product.id,
                description: textOf(addition.invoiceDescription) ?? textOf(addition.description),
                quantity: decimalOf(addition.quantity),
                included_quantity: decimalOf(addition.lessIncluded),
                unit_price: addition.billCustomer === "NoCharge" ? "0" : decimalOf(addition.unitPrice),
                unit_cost: decimalOf(addition.unitCost),
                start_date: dateOf(addition.effectiveDate),
                end_date: dateOf(addition.cancelledDate),
              },
            ],
          };
        },
      });
    // Half of what is billed would make a false picture: one agreement that cannot be read fails the connection.
    const queue = new PQueue({concurrency: agreementsAtOnce});
    await queue.addAll(agreements.map((agreement) => () => readAdditions(agreement)));

    const since = `${monthsBefore(context.now, settings.invoice_months)}T00:00:00Z`;
    const invoices = new Set<string>();
    await readStream(context, sink, {
      name: "invoices",
      table: "invoices",
      pages: list(
        client,
        "/finance/invoices",
        "id,invoiceNumber,company,agreement,type,status,date,subtotal,currency",
        `date >= [${since}]`,
      ),
      schema: invoiceSchema,
      toRows: (invoice) => {
        invoices.add(invoice.id);
        return {
          invoices: [
            {
              invoice_id: invoice.id,
              invoice_number: textOf(invoice.invoiceNumber),
              client_id: invoice.company.id,
              agreement_id: invoice.type === "CreditMemo" ? null : invoice.agreement?.id,
              invoice_date: dateOf(invoice.date),
              status: lookUp(settings.invoice_statuses, invoice.status?.name) ?? "posted",
              currency: textOf(invoice.currency?.currencyCode),
              total: decimalOf(invoice.subtotal),
            },
          ],
        };
      },
    });
    await readStream(context, sink, {
      name: "products",
      table: "invoice_lines",
      pages: list(
        client,
        "/procurement/products",
        "id,catalogItem,description,quantity,quantityCancelled,price,billableOption,cancelledFlag,invoice",
        `invoice/id > 0 and lastUpdated >= [${since}]`,
      ),
      schema: productSchema,
      toRows: (product) => {
        const isBilled = !product.cancelledFlag && product.billableOption !== "DoNotBill";
        if (!isBilled || !invoices.has(product.invoice.id)) return {};
        return {
          invoice_lines: [
            {
              invoice_line_id: product.id,
              invoice_id: product.invoice.id,
              service_id: product.catalogItem?.id,
              description: textOf(product.description),
              quantity: decimalOf(product.quantity - (product.quantityCancelled ?? 0)),
              unit_price: product.billableOption === "NoCharge" ? "0" : decimalOf(product.price),
            },
          ],
        };
      },
    });
    return {freshAt: context.now};
  },
};
