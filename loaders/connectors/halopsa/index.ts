import {z} from "zod";
import {at} from "../../at.js";
import {billingCyclesSetting, invoiceMonthsSetting, monthsBefore, requireBillingCycle} from "../billing.js";
import type {Connector, ConnectorContext, Sink} from "../connector.js";
import {addressSchema, connectTo, httpSettings, limiterOf} from "../connectTo.js";
import {tokenAuth} from "../http/auth.js";
import type {HttpClient, Query} from "../http/client.js";
import {hasStatus} from "../http/errors.js";
import {nextNumber, numberAt, type Page, readPages, rowsAt} from "../http/pages.js";
import {idSchema, linked, readStream} from "../readStream.js";
import {addDecimals, dateOf, dayAfter, decimalOf, lookUp, textOf} from "../values.js";

/**
 * HaloPSA: clients, items as services, recurring invoices as agreements, invoices with their lines.
 * https://haloservicedesk.com/apidoc
 *
 * A recurring invoice's lines are what is billed each period: `qty_order`, which Halo itself works out where a line counts
 * users, assets or licences. Inactive lines, headings and one-time charges are not; one with a price and no item is of a service
 * of its own, 0. A price is for one period of the recurring invoice; the period is known by its name or number, and one that
 * nobody has explained is quarantined. A list need not say when a recurring invoice ends, or begins: that stands in its schedule,
 * which it has where it is read by itself. Periods are counted from the first one billed, whenever it was entered. A disabled
 * recurring invoice is cancelled. An invoice that is not posted is a draft. A line with `creditlinkedidid` credits that line. A
 * total is without tax. `enddate` and `period_end_date` are last days. Halo does not say whether a period is billed in advance.
 */

const settingsSchema = z.strictObject({
  base_url: addressSchema.describe("Your Halo, such as https://acme.halopsa.com."),
  client_id: z.string().min(1).describe("Client id of the API application."),
  client_secret: z.string().min(1).describe("Its secret."),
  tenant: z.string().min(1).optional().describe("The tenant, for Halo's hosted sites."),
  scope: z
    .string()
    .min(1)
    .default("all")
    .describe("Scopes of the token; the application's permissions limit it anyway."),
  billing_cycles: billingCyclesSetting,
  invoice_months: invoiceMonthsSetting,
  ...httpSettings,
});

type Settings = z.infer<typeof settingsSchema>;

const pageSize = 100;

const clientSchema = z.object({id: idSchema, name: z.string().min(1), inactive: z.boolean().nullish()});
const itemSchema = z.object({
  id: idSchema,
  name: z.string().min(1),
  assetgroup_name: z.string().nullish(),
  isrecurringitem: z.boolean().nullish(),
  baseprice: z.number().nullish(),
  costprice: z.number().nullish(),
  recurringprice: z.number().nullish(),
  recurringcost: z.number().nullish(),
});
/** The id of an item or of another line; 0 or -1 is none. Only recurring invoices have ids below 0, from -2 on. */
const lineLinkSchema = idSchema.nullish().transform((id) => (id?.startsWith("-") ? null : linked(id)));
const lineSchema = z.object({
  id: idSchema,
  _itemid: lineLinkSchema,
  item_shortdescription: z.string().nullish(),
  qty_order: z.number().nullish(),
  unit_price: z.number().nullish(),
  unit_cost: z.number().nullish(),
  net_amount: z.number().nullish(),
  startdate: z.string().nullish(),
  enddate: z.string().nullish(),
  isinactive: z.boolean().nullish(),
  isgroupdesc: z.boolean().nullish(),
  onetimecharge: z.boolean().nullish(),
  recurring_invoice_line_id: lineLinkSchema,
  creditlinkedidid: lineLinkSchema,
});
const headerSchema = z.object({
  id: idSchema,
  client_id: idSchema,
  currency: z.string().nullish(),
  currency_code: z.int().nullish(),
  currency_code_name: z.string().nullish(),
  lines: z.array(lineSchema).nullish(),
});
const dateSchema = z.string().nullish();
const recurringSchema = headerSchema.extend({
  reference: z.string().nullish(),
  name: z.string().nullish(),
  disabled: z.boolean().nullish(),
  period_start_date: dateSchema,
  startdate: dateSchema,
  enddate: dateSchema,
  periodname: z.string().nullish(),
  period: z.int().nullish(),
  schedule: z.object({startdate: dateSchema, end_date: dateSchema}).nullish(),
});
const invoiceSchema = headerSchema.extend({
  invoicenumber: z.string().nullish(),
  recurring_invoice_id: idSchema.nullish(),
  invoice_date: z.string().min(1),
  period_start_date: z.string().nullish(),
  period_end_date: z.string().nullish(),
  posted: z.boolean(),
  voided: z.boolean().nullish(),
  datepaid: z.string().nullish(),
  total: z.number().nullish(),
  tax_total: z.number().nullish(),
  revenue: z.number().nullish(),
});

type Line = z.infer<typeof lineSchema>;
type Recurring = z.infer<typeof recurringSchema>;
type Invoice = z.infer<typeof invoiceSchema>;

type Currency = Pick<z.infer<typeof headerSchema>, "currency" | "currency_code" | "currency_code_name">;

const isCode = (value: unknown): value is string => typeof value === "string" && /^[A-Z]{3}$/.test(value);

/** Halo names a currency by its code, by its sign or words of its own, or by its number among its currencies. */
function currencyOf({currency, currency_code, currency_code_name}: Currency, codes: ReadonlyMap<unknown, string>) {
  return [currency, currency_code_name].find(isCode) ?? codes.get(currency_code) ?? null;
}

/** The codes of currencies by their number; none where the application may not look at them. */
async function readCurrencies(client: HttpClient, sink: Sink): Promise<Map<unknown, string>> {
  try {
    const {body, text} = await client.read({path: "/Currency"});
    await sink.raw("Currency", text);
    const rows: readonly unknown[] = [body, at(body, "currencies")].find(Array.isArray) ?? [];
    return new Map(
      rows.flatMap((row) => {
        const code = at(row, "code");
        return isCode(code) ? [[at(row, "id"), code] as const] : [];
      }),
    );
  } catch (error) {
    if (hasStatus(error, 401, 403, 404)) return new Map();
    throw error;
  }
}

const currenciesUnknown = (numbers: Iterable<string>) =>
  `HaloPSA names currencies by numbers that the application cannot look up, ${[...numbers].join(", ")}: what is billed in them is taken to be in the workspace's. Let it read currencies.`;

/** Names of the numbers of periods. */
const periodNames: Readonly<Record<string, string>> = {
  0: "One-time",
  1: "Weekly",
  2: "Monthly",
  3: "Yearly",
  4: "Quarterly",
  5: "6-Monthly",
  6: "5-Yearly",
  7: "3-Yearly",
  8: "2-Yearly",
  9: "4-Yearly",
};

function periodOf({periodname, period}: Recurring): string | null {
  const number = period?.toString();
  return textOf(periodname) ?? lookUp(periodNames, number) ?? number ?? null;
}

/** A day may be kept as the UTC of its midnight where it was entered: east of Greenwich that is in the afternoon before. */
const dayOf = (value: string | null | undefined) =>
  /T(1[3-9]|2[0-3]):(00|15|30|45):00/.test(value ?? "") ? dayAfter(value) : dateOf(value);

const startOf = ({period_start_date, startdate, schedule}: Recurring) =>
  dayOf(period_start_date) ?? dayOf(startdate) ?? dayOf(schedule?.startdate);

/** The first day after it; a schedule without an end goes on until 2099. */
function endOf({enddate, schedule}: Recurring): string | null {
  const end = dayAfter(dayOf(enddate)) ?? dayAfter(dayOf(schedule?.end_date));
  return end === null || end >= "2099" ? null : end;
}

function statusOf({voided, posted, datepaid}: Invoice): string {
  if (voided) return "void";
  if (!posted) return "draft";
  return dateOf(datepaid) === null ? "posted" : "paid";
}

/** Without tax. The revenue is that; the tax of a whole record has been seen to be counted twice. */
function totalOf({revenue, total, tax_total}: Invoice): string | null {
  if (revenue) return decimalOf(revenue);
  return total === null || total === undefined ? null : addDecimals(total, -(tax_total ?? 0));
}

/** A line of text alone: neither an item nor money. */
const isText = ({_itemid, qty_order, unit_price, isgroupdesc}: Line) =>
  isgroupdesc === true || (_itemid === null && (!qty_order || !unit_price));

/** The service of lines that somebody has written without an item. */
const noItem = {service_id: "0", service_name: "No item"};

function connect(context: ConnectorContext<Settings>): HttpClient {
  const {base_url, client_id, client_secret, tenant, scope} = context.settings;
  const form = {grant_type: "client_credentials", client_id, client_secret, scope};
  const query = tenant === undefined ? "" : `?tenant=${encodeURIComponent(tenant)}`;
  return connectTo(context, {
    baseUrl: `${base_url}/api`,
    auth: (send) => tokenAuth({url: `${base_url}/auth/token${query}`, form}, send, context.redactor),
    limiter: limiterOf(context, {concurrency: 4, requests: 500, perMilliseconds: 300_000}),
  });
}

function list(client: HttpClient, name: string, rows: string, query: Query): AsyncGenerator<Page> {
  const total = numberAt("record_count");
  return readPages(
    client,
    // By id, so that what is new comes last.
    {path: `/${name}`, query: {...query, order: "id", pageinate: true, page_size: pageSize, page_no: 1}},
    {
      rows: rowsAt(rows),
      next: nextNumber(
        "page_no",
        1,
        ({body, rows: page, arrived}) => page.length === 0 || arrived >= (total({body}) ?? Number.POSITIVE_INFINITY),
      ),
      total,
      isByPosition: true,
      idOf: (row) => at(row, "id"),
    },
  );
}

/** A list need not have all of its records' fields: one that lacks what is needed is read by itself, unless it is gone. */
async function* whole(
  client: HttpClient,
  name: string,
  pages: AsyncIterable<Page>,
  lacks: (row: unknown) => boolean,
): AsyncGenerator<Page> {
  for await (const page of pages) {
    yield {...page, rows: page.rows.filter((row) => !lacks(row))};
    const read = async (row: unknown): Promise<Page | null> => {
      try {
        const {body, text, place} = await client.read({
          path: `/${name}/${at(row, "id")}`,
          query: {includedetails: true},
        });
        return {...page, rows: [body], text, place};
      } catch (error) {
        if (hasStatus(error, 404)) return null;
        throw error;
      }
    };
    for (const one of await Promise.all(page.rows.filter(lacks).map(read))) if (one !== null) yield one;
  }
}

const isMissing = (row: unknown, field: string) => (at(row, field) ?? null) === null;

const lacksLines = (row: unknown) => isMissing(row, "lines");

const lacksSchedule = (row: unknown) =>
  lacksLines(row) ||
  (isMissing(row, "period_start_date") && isMissing(row, "startdate")) ||
  (isMissing(row, "enddate") && isMissing(row, "schedule") && at(row, "disabled") !== true);

export const haloPsa: Connector<Settings> = {
  name: "halopsa",
  side: "psa",
  description: "HaloPSA: clients, items, recurring invoices and invoices with their lines.",
  settings: settingsSchema,
  secrets: ["client_secret"],

  async test(context) {
    const query = {pageinate: true, page_size: 1, page_no: 1};
    const {body} = await connect(context).read({path: "/Client", query});
    return `HaloPSA answers; the application sees ${at(body, "record_count")} clients.`;
  },

  async sync(context, sink) {
    const client = connect(context);
    const {settings} = context;
    const currencies = await readCurrencies(client, sink);
    const unknown = new Set<string>();
    const codeOf = (header: Currency): string | null => {
      const code = currencyOf(header, currencies);
      // 0 and -1 are no numbers of any.
      if (code === null && (header.currency_code ?? 0) > 0) unknown.add(`${header.currency_code}`);
      return code;
    };
    await readStream(context, sink, {
      name: "Client",
      table: "clients",
      pages: list(client, "Client", "clients", {includeinactive: true}),
      schema: clientSchema,
      toRows: ({id, name, inactive}) => ({
        clients: [{client_id: id, client_name: name, status: inactive ? "inactive" : "active"}],
      }),
    });
    await readStream(context, sink, {
      name: "Item",
      table: "services",
      pages: list(client, "Item", "items", {includeinactive: true}),
      schema: itemSchema,
      toRows: (item) => ({
        services: [
          {
            service_id: item.id,
            service_name: item.name,
            category: textOf(item.assetgroup_name),
            list_price: decimalOf(item.isrecurringitem ? item.recurringprice : item.baseprice),
            unit_cost: decimalOf(item.isrecurringitem ? item.recurringcost : item.costprice),
          },
        ],
      }),
    });
    await readStream(context, sink, {
      name: "RecurringInvoice",
      table: "agreements",
      pages: whole(
        client,
        "RecurringInvoice",
        list(client, "RecurringInvoice", "invoices", {includelines: true}),
        lacksSchedule,
      ),
      schema: recurringSchema.transform((recurring, issues) => {
        const start = startOf(recurring);
        if (start === null) {
          issues.addIssue({code: "custom", path: ["period_start_date"], message: "it does not say when it begins"});
        }
        const cycle = requireBillingCycle(periodOf(recurring), settings.billing_cycles, issues, ["period"]);
        return {...recurring, start, cycle};
      }),
      toRows: (recurring) => {
        const lines = (recurring.lines ?? []).filter(
          (line) => !line.isinactive && !line.onetimecharge && !isText(line),
        );
        return {
          services: lines.some(({_itemid}) => _itemid === null) ? [noItem] : [],
          agreements: [
            {
              agreement_id: recurring.id,
              client_id: recurring.client_id,
              agreement_name: textOf(recurring.reference) ?? textOf(recurring.name),
              status: recurring.disabled ? "cancelled" : "active",
              billing_cycle: recurring.cycle,
              start_date: recurring.start,
              end_date: endOf(recurring),
              currency: codeOf(recurring),
            },
          ],
          agreement_lines: lines.map((line) => ({
            agreement_line_id: line.id,
            agreement_id: recurring.id,
            service_id: line._itemid ?? noItem.service_id,
            description: textOf(line.item_shortdescription),
            quantity: decimalOf(line.qty_order),
            unit_price: decimalOf(line.unit_price),
            unit_cost: decimalOf(line.unit_cost),
            start_date: dayOf(line.startdate),
            end_date: dayAfter(dayOf(line.enddate)),
          })),
        };
      },
    });
    await readStream(context, sink, {
      name: "Invoice",
      table: "invoices",
      pages: whole(
        client,
        "Invoice",
        list(client, "Invoice", "invoices", {
          includelines: true,
          // Credit notes are invoices of a type of their own, and asked for by name.
          includeinvoices: true,
          includecredits: true,
          invoicedatestart: monthsBefore(context.now, settings.invoice_months),
          // The end is a midnight: that of today would be before what was invoiced today.
          invoicedateend: dayAfter(context.now.toISOString()) ?? undefined,
        }),
        lacksLines,
      ),
      schema: invoiceSchema,
      toRows: (invoice) => ({
        invoices: [
          {
            invoice_id: invoice.id,
            invoice_number: textOf(invoice.invoicenumber),
            client_id: invoice.client_id,
            agreement_id: invoice.recurring_invoice_id === "-1" ? null : linked(invoice.recurring_invoice_id),
            invoice_date: dayOf(invoice.invoice_date),
            period_start: dayOf(invoice.period_start_date),
            period_end: dayAfter(dayOf(invoice.period_end_date)),
            status: statusOf(invoice),
            currency: codeOf(invoice),
            total: totalOf(invoice),
          },
        ],
        invoice_lines: (invoice.lines ?? [])
          .filter((line) => !isText(line))
          .map((line) => ({
            invoice_line_id: line.id,
            invoice_id: invoice.id,
            agreement_line_id: line.recurring_invoice_line_id,
            service_id: line._itemid,
            description: textOf(line.item_shortdescription),
            quantity: decimalOf(line.qty_order),
            unit_price: decimalOf(line.unit_price),
            amount: decimalOf(line.net_amount),
            parent_line_id: line.creditlinkedidid,
          })),
      }),
    });
    return {freshAt: context.now, notes: unknown.size === 0 ? [] : [currenciesUnknown(unknown)]};
  },
};
