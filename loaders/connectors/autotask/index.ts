import {z} from "zod";
import {at} from "../../at.js";
import {monthsBefore, monthsOfCycle, pricePerMonth} from "../billing.js";
import type {Connector, ConnectorContext, Sink} from "../connector.js";
import type {HttpClient} from "../http/client.js";
import {rowsAt} from "../http/pages.js";
import {changesAfter, readChanges} from "../readChanges.js";
import {type CanonicalRows, linked, readStream} from "../readStream.js";
import {dateOf, dayAfter, decimalOf, textOf} from "../values.js";
import {createAdjustments} from "./adjustments.js";
import {type Condition, connect, count, everything, list, type Settings, settingsSchema} from "./client.js";
import {readCurrencies} from "./currencies.js";
import {contractPrice} from "./prices.js";
import {
  billingItemSchema,
  companySchema,
  contractSchema,
  contractServiceSchema,
  cycles,
  invoiceSchema,
  type Period,
  serviceSchema,
  unitsSchema,
} from "./schemas.js";

/**
 * Autotask: companies are clients, services and bundles are services, recurring service contracts are agreements.
 * https://ww4.autotask.net/help/developerhelp/Content/APIs/REST
 *
 * A contract's services carry the price, their units the quantity: a line's quantity is the units whose range contains the
 * day of the sync (on the day of an adjustment the later ones: it is in both), its range reaches from the first unit to the
 * last. How often a service is billed is the service's own period, so a contract is one agreement for each period among its
 * services. A bundle is a service of its own, `bundle-7`: its parts are not billed apart. Periods other than m, q, s and y
 * are quarantined, never guessed. Billing items are invoice lines; they belong to the contract's service that they name,
 * else to that of their contract and service. One that is shown with a rate but no amount is given free. Autotask knows
 * neither drafts nor the line that a credit belongs to, but which items are for a change of units (`adjustments.ts`).
 * `endDate` and `toDate` are last days. Costs are in Autotask's own currency: lines in another have none.
 *
 * Companies are read by `lastActivityDate`, those of the last sync stay, and Autotask's count tells whether any went. The
 * rest is read whole: units and contract services have no such field, a contract's agreements follow from its services,
 * and every line needs its service, of which there are few.
 * https://www.autotask.net/help/developerhelp/Content/APIs/REST/General_Topics/REST_BestPractices.htm
 */

const recurringService = 7;
const activeStatus = 1;

const stateSchema = z.object({
  since: z.string(),
  /** By company, where it is not Autotask's own. */
  currencies: z.record(z.string(), z.string()),
});
type Currencies = ReadonlyMap<string, string>;

interface Line {
  readonly id: string;
  readonly contract: string;
  readonly service: string;
  readonly period: Period;
  price(isForeign: boolean): string | null;
  readonly cost: number | null | undefined;
  readonly description: string | null;
  quantity: number;
  /** The first day of the units that the quantity is of. */
  since: string;
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

export const autotask: Connector<Settings> = {
  name: "autotask",
  side: "psa",
  description:
    "Autotask: companies, recurring service contracts with their units, services, invoices with their items.",
  settings: settingsSchema,
  secrets: ["username", "secret", "integration_code"],

  async test(context) {
    const client = await connect(context);
    const {body} = await client.read({
      path: "/Companies/query",
      json: {MaxRecords: 1, filter: everything},
    });
    const [company] = rowsAt("items")(body);
    return `Autotask answers; ${company === undefined ? "there is no company yet" : `the API user can read ${at(company, "companyName")} and other companies`}.`;
  },

  async sync(context, sink) {
    const client = await connect(context);
    const codes = await readCurrencies(context, sink, client);
    const {state, isFull} = await readCompanies(context, sink, client, codes ?? new Map());
    const currencies = new Map(Object.entries(state.currencies));
    const periods = await readServices(context, sink, client);
    const lines = await readLines(context, sink, client, periods);
    const foreign = await readContracts(context, sink, client, lines, currencies);
    await writeLines(sink, lines, foreign);
    await readInvoices(context, sink, client, lines, currencies);
    const notes = codes === null ? [currenciesUnknown] : [];
    return {freshAt: context.now, state, isFull, notes};
  },
};

const currenciesUnknown =
  "The API user may not view currencies: every price is taken to be in the workspace's. Let its security level view them.";

/** Reads the companies that changed since the last sync, or all of them. */
async function readCompanies(
  context: ConnectorContext,
  sink: Sink,
  client: HttpClient,
  codes: Currencies,
): Promise<{state: z.infer<typeof stateSchema>; isFull: boolean}> {
  const {records, answer} = await count(client, "Companies");
  const parsed = stateSchema.safeParse(context.previous?.state);
  const since = parsed.success ? parsed.data.since : null;
  const currencies = new Map(Object.entries(parsed.success ? parsed.data.currencies : {}));
  const read = (...conditions: Condition[]) =>
    readStream(context, sink, {
      name: "Companies",
      table: "clients",
      pages: list(client, "Companies", ...conditions),
      schema: companySchema,
      isUnchanged: ({lastActivityDate}) =>
        since !== null && typeof lastActivityDate === "string" && lastActivityDate < since,
      toRows: ({id, companyName, isActive, parentCompanyID, currencyID}) => {
        const code = codes.get(currencyID ?? "");
        if (code === undefined) currencies.delete(id);
        else currencies.set(id, code);
        return {
          clients: [
            {
              client_id: id,
              client_name: companyName,
              status: isActive === false || isActive === 0 ? "inactive" : "active",
              parent_client_id: linked(parentCompanyID),
            },
          ],
        };
      },
    });
  const isComplete =
    since !== null &&
    context.previous?.isFullDue === false &&
    (await readChanges(sink, {
      table: "clients",
      id: "client_id",
      read: () => read({op: "gte", field: "lastActivityDate", value: since}),
      total: records,
    }));
  if (!isComplete) await read();
  const state = {since: changesAfter(answer, context.now), currencies: Object.fromEntries(currencies)};
  return {state, isFull: !isComplete};
}

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
      toRows: (found) => {
        const {id, contractID, service, period, unitCost, invoiceDescription} = found;
        lines.set(idOf(id), {
          id: idOf(id),
          contract: contractID,
          service,
          period,
          price: (isForeign) => contractPrice(found, isForeign),
          cost: unitCost,
          description: textOf(invoiceDescription),
          quantity: 0,
          since: "",
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
        if (start <= today && today < end && start >= line.since) {
          line.quantity = range.units;
          line.since = start;
        }
        if (line.start === null || start < line.start) line.start = start;
        if (line.end === null || end > line.end) line.end = end;
        return {};
      },
    });
  }
  return lines;
}

async function writeLines(sink: Sink, lines: ReadonlyMap<string, Line>, foreign: ReadonlySet<string>): Promise<void> {
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
        unit_price: line.price(foreign.has(line.contract)),
        unit_cost: foreign.has(line.contract) ? null : decimalOf(line.cost),
        start_date: line.start,
        end_date: line.end,
      })),
    {place: "POST /ContractServices/query"},
  );
}

/** Reads contracts as agreements; returns which are in another currency than Autotask's own. */
async function readContracts(
  context: ConnectorContext,
  sink: Sink,
  client: HttpClient,
  lines: ReadonlyMap<string, Line>,
  currencies: Currencies,
): Promise<Set<string>> {
  const foreign = new Set<string>();
  const periodsOf = new Map<string, Set<Period>>();
  for (const {contract, period} of lines.values()) collect(periodsOf, contract, period);
  await readStream(context, sink, {
    name: "Contracts",
    table: "agreements",
    pages: list(client, "Contracts", {op: "eq", field: "contractType", value: recurringService}),
    schema: contractSchema,
    toRows: ({id, companyID, contractName, status, startDate, endDate}) => {
      const currency = currencies.get(companyID) ?? null;
      if (currency !== null) foreign.add(id);
      return {
        agreements: [...(periodsOf.get(id) ?? (["m"] as const))].map((period) => ({
          agreement_id: agreementOf(id, period),
          client_id: companyID,
          agreement_name: textOf(contractName),
          status: status === activeStatus ? "active" : "cancelled",
          billing_cycle: cycles[period],
          start_date: dateOf(startDate),
          end_date: dayAfter(endDate),
          currency,
        })),
      };
    },
  });
  return foreign;
}

async function readInvoices(
  context: ConnectorContext<Settings>,
  sink: Sink,
  client: HttpClient,
  lines: ReadonlyMap<string, Line>,
  currencies: Currencies,
): Promise<void> {
  const since = monthsBefore(context.now, context.settings.invoice_months);
  const lineOf = new Map([...lines.values()].map((line) => [JSON.stringify([line.contract, line.service]), line]));
  const agreementsOf = new Map<string, Set<string>>();
  const adjustments = createAdjustments();
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
      const named = linked(item.contractServiceBundleID);
      const line =
        lines.get(named === null ? (item.contractServiceID ?? "") : bundle(named)) ??
        lineOf.get(JSON.stringify([item.contractID, service]));
      if (line !== undefined) collect(agreementsOf, invoice, agreementOf(line.contract, line.period));
      const row = {
        invoice_line_id: item.id,
        invoice_id: invoice,
        agreement_line_id: line?.id,
        service_id: service,
        description: textOf(item.description) ?? textOf(item.itemName),
        quantity: decimalOf(item.quantity),
        unit_price: item.totalAmount === 0 && item.quantity !== 0 ? "0" : decimalOf(item.rate),
        amount: decimalOf(item.totalAmount),
      };
      if (line === undefined) return {invoice_lines: [row]};
      const placed = {id: item.id, invoice, line: line.id, date: dateOf(item.itemDate)};
      const adjustment = linked(item.contractServiceAdjustmentID) ?? linked(item.contractServiceBundleAdjustmentID);
      if (adjustment === null) {
        adjustments.charge(placed);
        return {invoice_lines: [row]};
      }
      adjustments.adjust(placed, row);
      return {};
    },
  });
  await sink.write("invoice_lines", adjustments.rows(), {place: "POST /BillingItems/query"});
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
            currency: currencies.get(invoice.companyID) ?? null,
            total: decimalOf(invoice.invoiceTotal),
          },
        ],
      };
    },
  });
}
