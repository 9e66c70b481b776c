import {z} from "zod";
import {at} from "../../at.js";
import {invoiceMonthsSetting, monthsBefore, monthsOfCycle, pricePerMonth} from "../billing.js";
import type {Connector, ConnectorContext, Sink} from "../connector.js";
import {addressSchema, connectTo, httpSettings, limiterOf} from "../connectTo.js";
import {headerAuth} from "../http/auth.js";
import type {HttpClient} from "../http/client.js";
import {VendorError} from "../http/errors.js";
import type {Limiter} from "../http/limiter.js";
import {nextUrlAt, type Page, readPages, rowsAt} from "../http/pages.js";
import {type CanonicalRows, idSchema, linked, readStream} from "../readStream.js";
import {dateOf, dayAfter, decimalOf, textOf} from "../values.js";

/**
 * Autotask: companies are clients, services and bundles are services, recurring service contracts are agreements.
 * https://ww4.autotask.net/help/developerhelp/Content/APIs/REST
 *
 * A contract's services carry the price, their units the quantity: a line's quantity is the units whose range contains the
 * day of the sync, its range reaches from the first unit to the last. How often a service is billed is the service's own
 * period, so a contract is one agreement for each period among its services. A bundle is a service of its own, `bundle-7`:
 * its parts are not billed apart. Periods other than m, q, s and y are quarantined, never guessed. Billing items are invoice
 * lines; they belong to the line of their contract and service. Autotask knows neither drafts nor the line that a credit
 * belongs to. `endDate` and `toDate` are last days.
 */

const settingsSchema = z.strictObject({
  username: z.string().min(1).describe("User name of the API user."),
  secret: z.string().min(1).describe("Its password."),
  integration_code: z.string().min(1).describe("The tracking identifier of the API user."),
  lookup_url: addressSchema
    .default("https://webservices.autotask.net/atservicesrest")
    .describe("Where the zone of the user's database is asked for."),
  invoice_months: invoiceMonthsSetting,
  ...httpSettings,
});

type Settings = z.infer<typeof settingsSchema>;

const pageSize = 500;
const recurringService = 7;
const activeStatus = 1;
const cycles = {m: "monthly", q: "quarterly", s: "semiannual", y: "annual"} as const;
type Period = keyof typeof cycles;

const periodSchema = z.string().transform((value, issues): Period => {
  const period = value.toLowerCase();
  if (period in cycles) return period as Period;
  issues.addIssue({code: "custom", message: `expected the period m, q, s or y: ${JSON.stringify(value)} is not known`});
  return z.NEVER;
});
const companySchema = z.looseObject({
  id: idSchema,
  companyName: z.string().min(1),
  isActive: z.union([z.boolean(), z.number()]).nullish(),
  parentCompanyID: idSchema.nullish(),
});
const serviceSchema = z.looseObject({
  id: idSchema,
  name: z.string().min(1),
  periodType: periodSchema,
  unitPrice: z.number().nullish(),
  unitCost: z.number().nullish(),
});
const contractSchema = z.looseObject({
  id: idSchema,
  companyID: idSchema,
  contractName: z.string().nullish(),
  status: z.int(),
  startDate: z.string().min(1),
  endDate: z.string().nullish(),
});
const contractServiceSchema = z.looseObject({
  id: idSchema,
  contractID: idSchema,
  serviceID: idSchema.nullish(),
  serviceBundleID: idSchema.nullish(),
  unitPrice: z.number().nullish(),
  unitCost: z.number().nullish(),
  invoiceDescription: z.string().nullish(),
});
const unitsSchema = z.looseObject({
  id: idSchema,
  contractServiceID: idSchema.nullish(),
  contractServiceBundleID: idSchema.nullish(),
  units: z.number(),
  startDate: z.string().min(1),
  endDate: z.string().min(1),
});
const billingItemSchema = z.looseObject({
  id: idSchema,
  invoiceID: idSchema.nullish(),
  contractID: idSchema.nullish(),
  serviceID: idSchema.nullish(),
  serviceBundleID: idSchema.nullish(),
  itemName: z.string().nullish(),
  description: z.string().nullish(),
  quantity: z.number(),
  rate: z.number().nullish(),
  totalAmount: z.number().nullish(),
});
const invoiceSchema = z.looseObject({
  id: idSchema,
  invoiceNumber: z.string().nullish(),
  companyID: idSchema,
  invoiceDateTime: z.string().min(1),
  fromDate: z.string().nullish(),
  toDate: z.string().nullish(),
  isVoided: z.boolean().nullish(),
  invoiceTotal: z.number().nullish(),
});

interface Line {
  readonly id: string;
  readonly contract: string;
  readonly service: string;
  readonly period: Period;
  readonly price: number | null | undefined;
  readonly cost: number | null | undefined;
  readonly description: string | null;
  quantity: number;
  start: string | null;
  end: string | null;
}

/** Services and bundles have numbers of their own, so a bundle's are marked. */
const bundle = (id: string) => `bundle-${id}`;
const agreementOf = (contract: string, period: Period) => `${contract}-${cycles[period]}`;

/** Adds a value to the set of a key. */
function collect<Value>(sets: Map<string, Set<Value>>, key: string, value: Value): void {
  sets.set(key, (sets.get(key) ?? new Set<Value>()).add(value));
}

async function connect(context: ConnectorContext<Settings>, limiter: Limiter): Promise<HttpClient> {
  const {username, secret, integration_code, lookup_url} = context.settings;
  const lookup = connectTo(context, {baseUrl: `${lookup_url}/v1.0`, limiter});
  const {body, place} = await lookup.read({path: "/zoneInformation", query: {user: username}});
  const url = at(body, "url");
  if (typeof url !== "string" || !addressSchema.safeParse(url).success) {
    throw new VendorError(`${place} names no zone for this user: check the user name.`);
  }
  return connectTo(context, {
    baseUrl: `${url.replace(/\/$/, "")}/v1.0`,
    auth: () => headerAuth({ApiIntegrationCode: integration_code, UserName: username, Secret: secret}),
    limiter,
    remedies: {
      401: "The user name, secret or integration code is wrong, or the API user is locked: check what stands in the environment.",
      403: "The API user's security level may not read this entity: the guide lists what it needs.",
    },
  });
}

/** Half of the 10,000 requests an hour that a database allows: beyond it Autotask answers more and more slowly. */
const limits = {concurrency: 3, requests: 5000, perMilliseconds: 3_600_000};

interface Condition {
  readonly op: string;
  readonly field: string;
  readonly value: string | number;
}

/** Autotask wants a condition, even where all is asked for. */
const everything: readonly Condition[] = [{op: "gte", field: "id", value: 0}];

function list(client: HttpClient, entity: string, ...conditions: readonly Condition[]): AsyncGenerator<Page> {
  const filter = conditions.length > 0 ? conditions : everything;
  return readPages(
    client,
    {path: `/${entity}/query`, json: {MaxRecords: pageSize, filter}},
    {rows: rowsAt("items"), next: nextUrlAt("pageDetails", "nextPageUrl")},
  );
}

export const autotask: Connector<Settings> = {
  name: "autotask",
  side: "psa",
  description:
    "Autotask: companies, recurring service contracts with their units, services, invoices with their items.",
  settings: settingsSchema,
  secrets: ["username", "secret", "integration_code"],

  async test(context) {
    const client = await connect(context, limiterOf(context, limits));
    const {body} = await client.read({
      path: "/Companies/query",
      json: {MaxRecords: 1, filter: everything},
    });
    const [company] = rowsAt("items")(body);
    return `Autotask answers; ${company === undefined ? "there is no company yet" : `the API user can read ${at(company, "companyName")} and other companies`}.`;
  },

  async sync(context, sink) {
    const client = await connect(context, limiterOf(context, limits));
    await readStream(context, sink, {
      name: "Companies",
      table: "clients",
      pages: list(client, "Companies"),
      schema: companySchema,
      toRows: ({id, companyName, isActive, parentCompanyID}) => ({
        clients: [
          {
            client_id: id,
            client_name: companyName,
            status: isActive === false || isActive === 0 ? "inactive" : "active",
            parent_client_id: linked(parentCompanyID),
          },
        ],
      }),
    });
    const periods = await readServices(context, sink, client);
    const lines = await readLines(context, sink, client, periods);
    await readContracts(context, sink, client, lines);
    await readInvoices(context, sink, client, lines);
    return {freshAt: context.now};
  },
};

/** Reads services and bundles; returns how often each is billed. */
async function readServices(context: ConnectorContext, sink: Sink, client: HttpClient): Promise<Map<string, Period>> {
  const periods = new Map<string, Period>();
  for (const [entity, idOf] of [
    ["Services", String],
    ["ServiceBundles", bundle],
  ] as const) {
    await readStream(context, sink, {
      name: entity,
      table: "services",
      pages: list(client, entity),
      schema: serviceSchema,
      toRows: ({id, name, periodType, unitPrice, unitCost}): CanonicalRows => {
        periods.set(idOf(id), periodType);
        const months = monthsOfCycle[cycles[periodType]];
        return {
          services: [
            {
              service_id: idOf(id),
              service_name: name,
              list_price: pricePerMonth(unitPrice, months),
              unit_cost: pricePerMonth(unitCost, months),
            },
          ],
        };
      },
    });
  }
  return periods;
}

/** Reads the services and bundles of contracts with their units of the day, by their id. */
async function readLines(
  context: ConnectorContext,
  sink: Sink,
  client: HttpClient,
  periods: ReadonlyMap<string, Period>,
): Promise<Map<string, Line>> {
  const lines = new Map<string, Line>();
  const today = context.now.toISOString().slice(0, 10);
  for (const [entity, units, idOf] of [
    ["ContractServices", "ContractServiceUnits", String],
    ["ContractServiceBundles", "ContractServiceBundleUnits", bundle],
  ] as const) {
    await readStream(context, sink, {
      name: entity,
      table: "agreement_lines",
      pages: list(client, entity),
      schema: contractServiceSchema.transform((found, issues) => {
        const service = idOf(found.serviceID ?? found.serviceBundleID ?? "");
        const period = periods.get(service);
        if (period !== undefined) return {...found, service, period};
        issues.addIssue({code: "custom", path: ["serviceID"], message: `expected a service whose period is known`});
        return z.NEVER;
      }),
      toRows: ({id, contractID, service, period, unitPrice, unitCost, invoiceDescription}) => {
        lines.set(idOf(id), {
          id: idOf(id),
          contract: contractID,
          service,
          period,
          price: unitPrice,
          cost: unitCost,
          description: textOf(invoiceDescription),
          quantity: 0,
          start: null,
          end: null,
        });
        return {};
      },
    });
    await readStream(context, sink, {
      name: units,
      table: "agreement_lines",
      pages: list(client, units),
      schema: unitsSchema,
      toRows: (range) => {
        const line = lines.get(idOf(range.contractServiceID ?? range.contractServiceBundleID ?? ""));
        const start = dateOf(range.startDate);
        const end = dayAfter(range.endDate);
        if (line === undefined || start === null || end === null) return {};
        if (start <= today && today < end) line.quantity = range.units;
        if (line.start === null || start < line.start) line.start = start;
        if (line.end === null || end > line.end) line.end = end;
        return {};
      },
    });
  }
  await sink.write(
    "agreement_lines",
    [...lines.values()]
      .filter(({start}) => start !== null)
      .map((line) => ({
        agreement_line_id: line.id,
        agreement_id: agreementOf(line.contract, line.period),
        service_id: line.service,
        description: line.description,
        quantity: decimalOf(line.quantity),
        unit_price: decimalOf(line.price),
        unit_cost: decimalOf(line.cost),
        start_date: line.start,
        end_date: line.end,
      })),
    {place: "POST /ContractServices/query"},
  );
  return lines;
}

async function readContracts(
  context: ConnectorContext,
  sink: Sink,
  client: HttpClient,
  lines: ReadonlyMap<string, Line>,
): Promise<void> {
  const periodsOf = new Map<string, Set<Period>>();
  for (const {contract, period} of lines.values()) collect(periodsOf, contract, period);
  await readStream(context, sink, {
    name: "Contracts",
    table: "agreements",
    pages: list(client, "Contracts", {op: "eq", field: "contractType", value: recurringService}),
    schema: contractSchema,
    toRows: ({id, companyID, contractName, status, startDate, endDate}) => ({
      agreements: [...(periodsOf.get(id) ?? (["m"] as const))].map((period) => ({
        agreement_id: agreementOf(id, period),
        client_id: companyID,
        agreement_name: textOf(contractName),
        status: status === activeStatus ? "active" : "cancelled",
        billing_cycle: cycles[period],
        start_date: dateOf(startDate),
        end_date: dayAfter(endDate),
      })),
    }),
  });
}

async function readInvoices(
  context: ConnectorContext<Settings>,
  sink: Sink,
  client: HttpClient,
  lines: ReadonlyMap<string, Line>,
): Promise<void> {
  const since = monthsBefore(context.now, context.settings.invoice_months);
  const lineOf = new Map([...lines.values()].map((line) => [JSON.stringify([line.contract, line.service]), line]));
  const agreementsOf = new Map<string, Set<string>>();
  await readStream(context, sink, {
    name: "BillingItems",
    table: "invoice_lines",
    pages: list(client, "BillingItems", {op: "gte", field: "postedDate", value: since}),
    schema: billingItemSchema,
    toRows: (item) => {
      // Not yet on an invoice.
      const invoice = linked(item.invoiceID);
      if (invoice === null) return {};
      const sold = linked(item.serviceBundleID);
      const service = sold === null ? linked(item.serviceID) : bundle(sold);
      const line = lineOf.get(JSON.stringify([item.contractID, service]));
      if (line !== undefined) collect(agreementsOf, invoice, agreementOf(line.contract, line.period));
      return {
        invoice_lines: [
          {
            invoice_line_id: item.id,
            invoice_id: invoice,
            agreement_line_id: line?.id,
            service_id: service,
            description: textOf(item.description) ?? textOf(item.itemName),
            quantity: decimalOf(item.quantity),
            unit_price: decimalOf(item.rate),
            amount: decimalOf(item.totalAmount),
          },
        ],
      };
    },
  });
  await readStream(context, sink, {
    name: "Invoices",
    table: "invoices",
    pages: list(client, "Invoices", {op: "gte", field: "invoiceDateTime", value: since}),
    schema: invoiceSchema,
    toRows: (invoice) => {
      const agreements = [...(agreementsOf.get(invoice.id) ?? [])];
      return {
        invoices: [
          {
            invoice_id: invoice.id,
            invoice_number: textOf(invoice.invoiceNumber),
            client_id: invoice.companyID,
            agreement_id: agreements.length === 1 ? agreements[0] : null,
            invoice_date: dateOf(invoice.invoiceDateTime),
            period_start: dateOf(invoice.fromDate),
            period_end: dayAfter(invoice.toDate),
            status: invoice.isVoided ? "void" : "posted",
            total: decimalOf(invoice.invoiceTotal),
          },
        ],
      };
    },
  });
}
