import {z} from "zod";
import {at} from "../../at.js";
import type {Connector, ConnectorContext, Sink} from "../connector.js";
import {addressSchema, connectTo, httpSettings, limiterOf} from "../connectTo.js";
import {tokenAuth} from "../http/auth.js";
import type {HttpClient} from "../http/client.js";
import {hasStatus} from "../http/errors.js";
import {isLastOf, nextNumber, numberAt, type Page, readPages, rowsAt} from "../http/pages.js";
import {idSchema, readStream} from "../readStream.js";
import {addDecimals, dayAfter, decimalOf, divideDecimal, domainOf, lookUp, textOf} from "../values.js";

/**
 * Pax8: companies are accounts, their subscriptions what was purchased.
 * https://devx.pax8.com
 *
 * Purchased is what the distributor bills the MSP for: subscriptions that are Active, Activated or PendingCancel, up to
 * their `endDate` if they have one, summed for each company and product. Trials are products of their own, marked, and never
 * billed; so are one-time fees, apart, because they are no seats. What was cancelled or not yet begun counts nothing; the
 * sync says how many are being provisioned, as Pax8 warns that they may stay so for ever, how many were converted from a
 * trial and have not ended, as Pax8 does not say whether they or others are billed since, how many are in use though they have
 * ended, and how many have a status that it does not document.
 *
 * `partnerCost` is taken as the cost of one unit for one billing term, and brought to a month; it is a product's cost only
 * where all of its subscriptions agree and the currency is the workspace's. A commitment's `endDate` is taken as its last day;
 * it is documented as `commitmentTerm`, and has been seen as `commitment`. Products that no subscription names are asked for
 * their name one by one.
 */

const settingsSchema = z.strictObject({
  base_url: addressSchema.default("https://api.pax8.com/v1").describe("Address of the API."),
  client_id: z.string().min(1).describe("Client id of the integration."),
  client_secret: z.string().min(1).describe("Its client secret."),
  ...httpSettings,
});

type Settings = z.infer<typeof settingsSchema>;

const pageSize = 200;

const companySchema = z.object({id: idSchema, name: z.string().min(1), website: z.string().nullish()});
const commitmentSchema = z.object({endDate: z.string().nullish()}).nullish();
const subscriptionSchema = z.object({
  id: idSchema,
  companyId: idSchema,
  productId: idSchema,
  productName: z.string().nullish(),
  quantity: z.number(),
  status: z.string().min(1),
  billingTerm: z.string().nullish(),
  endDate: z.string().nullish(),
  partnerCost: z.number().nullish(),
  currencyCode: z.string().nullish(),
  commitmentTerm: commitmentSchema,
  commitment: commitmentSchema,
});

type Subscription = z.infer<typeof subscriptionSchema>;

const purchased = new Set(["Active", "Activated", "PendingCancel"]);
/** Nothing is bought, and nothing is odd about it. */
const unsold = new Set(["Cancelled", "Trial", "WaitingForDetails", "PendingActivation"]);
const monthsOfTerm: Readonly<Record<string, number>> = {Monthly: 1, Annual: 12, "2-Year": 24, "3-Year": 36};

interface Product {
  readonly productId: string;
  readonly kind: "subscription" | "trial" | "one-time";
  /** Costs a month that its subscriptions name; undefined among them where one names none. */
  readonly costs: Set<string | undefined>;
}

interface Count {
  readonly account_id: string;
  readonly product_id: string;
  quantity: string;
  commitment_end: string | null;
}

function hasEnded({endDate}: Subscription, now: Date): boolean {
  const end = dayAfter(endDate);
  return end !== null && end <= now.toISOString().slice(0, 10);
}

/** Pax8 says both that it is in use and that it is over. */
function goesOnAfterEnd(subscription: Subscription, now: Date): boolean {
  const {status, billingTerm} = subscription;
  const isInUse = status === "Active" || status === "Activated";
  return isInUse && lookUp(monthsOfTerm, billingTerm) !== undefined && hasEnded(subscription, now);
}

function kindOf(subscription: Subscription, now: Date): Product["kind"] | null {
  const {status, billingTerm} = subscription;
  if (hasEnded(subscription, now)) return null;
  if (status === "Trial" || billingTerm === "Trial") return status === "Cancelled" ? null : "trial";
  if (!purchased.has(status)) return null;
  return billingTerm === "One-Time" || billingTerm === "Activation" ? "one-time" : "subscription";
}

/** The cost of a unit and month in the workspace's currency, where the subscription says it. */
function monthlyCost({partnerCost, currencyCode, billingTerm}: Subscription, currency: string): string | undefined {
  const months = lookUp(monthsOfTerm, billingTerm);
  const cost = decimalOf(partnerCost);
  if (cost === null || months === undefined || (currencyCode ?? currency) !== currency) return undefined;
  return divideDecimal(cost, months);
}

function connect(context: ConnectorContext<Settings>): HttpClient {
  const {base_url, client_id, client_secret} = context.settings;
  const form = {grant_type: "client_credentials", client_id, client_secret, audience: "https://api.pax8.com"};
  return connectTo(context, {
    baseUrl: base_url,
    auth: (send) => tokenAuth({url: `${base_url}/token`, form, json: true}, send, context.redactor),
    limiter: limiterOf(context, {concurrency: 4, requests: 1000, perMilliseconds: 60_000}),
  });
}

/** Without an order Pax8 promises none, and pages of two orders lack records. What is new comes last. */
const orders = {companies: "name,asc", subscriptions: "createdDate,asc"};

function list(client: HttpClient, name: keyof typeof orders): AsyncGenerator<Page> {
  return readPages(
    client,
    {path: `/${name}`, query: {page: 0, size: pageSize, sort: orders[name]}},
    {
      rows: rowsAt("content"),
      next: nextNumber("page", 0, isLastOf("page", "totalPages")),
      total: numberAt("page", "totalElements"),
      isByPosition: true,
      size: "size",
      idOf: (row) => at(row, "id"),
    },
  );
}

/** The name of a product; null where Pax8 has none any more. */
async function readName(client: HttpClient, sink: Sink, productId: string): Promise<string | null> {
  try {
    const {body, text} = await client.read({path: `/products/${encodeURIComponent(productId)}`});
    await sink.raw("products", text);
    return textOf(at(body, "name") as string);
  } catch (error) {
    if (hasStatus(error, 403, 404)) return null;
    throw error;
  }
}

export const pax8: Connector<Settings> = {
  name: "pax8",
  side: "usage",
  description: "Pax8: purchased subscriptions by company and product, with their cost and the end of their commitment.",
  settings: settingsSchema,
  secrets: ["client_secret"],

  async test(context) {
    const {body} = await connect(context).read({path: "/companies", query: {page: 0, size: 1}});
    return `Pax8 answers; the integration sees ${at(body, "page", "totalElements")} companies.`;
  },

  async sync(context, sink) {
    const client = connect(context);
    await readStream(context, sink, {
      name: "companies",
      table: "accounts",
      pages: list(client, "companies"),
      schema: companySchema,
      toRows: ({id, name, website}) => ({accounts: [{account_id: id, account_name: name, domain: domainOf(website)}]}),
    });
    const products = new Map<string, Product>();
    /** By `productId`; subscriptions need not name their product. */
    const names = new Map<string, string | null>();
    const counts = new Map<string, Count>();
    const seen = new Set<string>();
    const odd: string[] = [];
    await readStream(context, sink, {
      name: "subscriptions",
      table: "counts",
      pages: list(client, "subscriptions"),
      schema: subscriptionSchema,
      toRows: (subscription) => {
        // One that moved to a later page while they were read must not count twice.
        if (seen.has(subscription.id)) return {};
        seen.add(subscription.id);
        const {status, companyId, productId, productName, quantity} = subscription;
        const name = textOf(productName);
        if (name !== null) names.set(productId, name);
        const kind = kindOf(subscription, context.now);
        const isDoubtful = status !== "Converted" || (kind === null && !hasEnded(subscription, context.now));
        if (isDoubtful && !purchased.has(status) && !unsold.has(status)) odd.push(status);
        if (goesOnAfterEnd(subscription, context.now)) odd.push(`${status}, and an end that is past`);
        if (kind === null) return {};
        const product_id = kind === "subscription" ? productId : `${productId}:${kind}`;
        const product = products.get(product_id) ?? {productId, kind, costs: new Set()};
        product.costs.add(monthlyCost(subscription, context.currency));
        products.set(product_id, product);
        const key = JSON.stringify([companyId, product_id]);
        const count = counts.get(key) ?? {account_id: companyId, product_id, quantity: "0", commitment_end: null};
        count.quantity = addDecimals(count.quantity, quantity);
        const end = dayAfter((subscription.commitmentTerm ?? subscription.commitment)?.endDate);
        if (end !== null && end > (count.commitment_end ?? "")) count.commitment_end = end;
        counts.set(key, count);
        return {};
      },
    });
    const unnamed = new Set([...products.values()].map(({productId}) => productId).filter((id) => !names.has(id)));
    await Promise.all([...unnamed].map(async (id) => names.set(id, await readName(client, sink, id))));
    await sink.write(
      "products",
      [...products].map(([product_id, {productId, kind, costs}]) => {
        const name = names.get(productId) ?? productId;
        return {
          product_id,
          product_name: kind === "subscription" ? name : `${name} (${kind})`,
          unit: "licence",
          category: kind,
          is_trial: kind === "trial",
          unit_cost: costs.size === 1 ? [...costs][0] : null,
        };
      }),
      {place: "products of /subscriptions"},
    );
    const as_of = context.now.toISOString();
    await sink.write(
      "counts",
      [...counts.values()].map((count) => ({...count, metric: "purchased", as_of})),
      {place: "sums of /subscriptions"},
    );
    return {freshAt: context.now, notes: notesOf(odd)};
  },
};

function notesOf(statuses: readonly string[]): string[] {
  return [...new Set(statuses)].sort().map((status) => {
    const count = statuses.filter((one) => one === status).length;
    return `${count} ${count === 1 ? "subscription counts" : "subscriptions count"} as nothing purchased: Pax8 gives ${count === 1 ? "its" : "their"} status as ${status}.`;
  });
}
