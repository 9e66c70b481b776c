import {z} from "zod";
import {at} from "../../at.js";
import {type BillingCycle, monthsOfCycle, pricePerMonth, requireBillingCycle} from "../billing.js";
import type {Connector, ConnectorContext, Sink} from "../connector.js";
import type {HttpClient} from "../http/client.js";
import {type Page, rowsAt} from "../http/pages.js";
import {changesAfter, readChanges} from "../readChanges.js";
import {type CanonicalRows, linked, readStream} from "../readStream.js";
import {type Condition, connect, count, everything, list, readLabels, type Settings, settingsSchema} from "./client.js";
import {bundle, type Currencies, readContracts, readLines, writeLines} from "./contracts.js";
import {readCurrencies} from "./currencies.js";
import {readInvoices} from "./invoices.js";
import {companySchema, serviceSchema} from "./schemas.js";

/**
 * Autotask: companies are clients, services and bundles are services, recurring service contracts are agreements.
 * https://ww4.autotask.net/help/developerhelp/Content/APIs/REST
 *
 * A contract's services carry the price, their units the quantity: a line's quantity is the units whose range contains the
 * day of the sync (on the day of an adjustment the later ones: it is in both), its range reaches from the first unit to the
 * last. How often a service is billed is the service's own period, so a contract is one agreement for each period among its
 * services. A period is a letter, or a number that is known by its label in the picklist; one that nobody has explained is
 * quarantined, never guessed. A bundle is a service of its own, `bundle-7`: its parts are not billed apart. Billing items are
 * invoice lines; they belong to the contract's service that they name, else to that of their contract and service. One that is
 * shown with a rate but no amount is given free. Autotask knows neither drafts nor the line that a credit belongs to, but which
 * items are for a change of units (`adjustments.ts`). `endDate` and `toDate` are last days. Costs are in Autotask's own
 * currency: lines in another have none.
 *
 * Companies are read by `lastActivityDate`, those of the last sync stay, and Autotask's count tells whether any went. The
 * rest is read whole: units and contract services have no such field, a contract's agreements follow from its services,
 * and every line needs its service, of which there are few.
 * https://www.autotask.net/help/developerhelp/Content/APIs/REST/General_Topics/REST_BestPractices.htm
 */

const stateSchema = z.object({
  since: z.string(),
  /** By company, where it is not Autotask's own. */
  currencies: z.record(z.string(), z.string()),
});

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
    const cycles = await readServices(context, sink, client);
    const lines = await readLines(context, sink, client, cycles);
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

/** Periods that say themselves what they are; others are numbers that the picklist explains. */
const letters = {m: "monthly", q: "quarterly", s: "semiannual", y: "annual"} as const;

/** Reads services and bundles; returns how often each is billed. */
async function readServices(
  context: ConnectorContext<Settings>,
  sink: Sink,
  client: HttpClient,
): Promise<Map<string, BillingCycle>> {
  const cycles = new Map<string, BillingCycle>();
  for (const [entity, idOf] of [
    ["Services", String],
    ["ServiceBundles", bundle],
  ] as const) {
    let labels: ReadonlyMap<string, string> = new Map(Object.entries(letters));
    const explained = async function* (): AsyncGenerator<Page> {
      for await (const page of list(client, entity)) {
        const isKnown = page.rows.every((row) => labels.has(String(at(row, "periodType"))));
        if (!isKnown) labels = new Map([...labels, ...(await readLabels(client, entity, "periodType"))]);
        yield page;
      }
    };
    await readStream(context, sink, {
      name: entity,
      table: "services",
      pages: explained(),
      schema: serviceSchema.transform(({periodType, ...service}, issues) => {
        const period = labels.get(periodType) ?? periodType;
        const cycle = requireBillingCycle(period, context.settings.billing_cycles, issues, ["periodType"]);
        return {...service, cycle};
      }),
      toRows: ({id, name, cycle, unitPrice, unitCost}): CanonicalRows => {
        cycles.set(idOf(id), cycle);
        const months = monthsOfCycle[cycle];
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
  return cycles;
}
