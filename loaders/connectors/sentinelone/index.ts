import {isDeepStrictEqual} from "node:util";
import {z} from "zod";
import {at} from "../../at.js";
import type {Connector, ConnectorContext} from "../connector.js";
import {addressSchema, connectTo, httpSettings, limiterOf} from "../connectTo.js";
import {headerAuth} from "../http/auth.js";
import type {HttpClient, Query} from "../http/client.js";
import {nextCursor, numberAt, type Page, readPages, rowsAt} from "../http/pages.js";
import {changesAfter, readChanges} from "../readChanges.js";
import {idSchema, readStream} from "../readStream.js";
import {decimalOf, instantOf, lookUp, textOf} from "../values.js";

/**
 * SentinelOne: sites are accounts, agents are seats, the site's SKU is the product, or its licence bundle where it has none.
 * The default site, which SentinelOne calls so in each of its accounts, has the name of its account.
 *
 * Billed is an agent that is neither decommissioned nor uninstalled; those are kept as `deleted`. A site's licences are what
 * was purchased (none where they are unlimited, or where the site has expired or was deleted). A trial site's product is a
 * trial and never billed.
 *
 * Of agents only those are read that were updated or active since the last sync: nothing says that being active counts as
 * an update. A removed agent is updated; one that was purged shows in the console's total, and then all are read. So they
 * are when a site appeared, went or changed its SKU, which changes no agent but the product of every one.
 */

const settingsSchema = z.strictObject({
  base_url: addressSchema.describe("Your console, such as https://euce1-100.sentinelone.net."),
  api_token: z.string().min(1).describe("API token of a service user with the role Viewer."),
  ...httpSettings,
});

type Settings = z.infer<typeof settingsSchema>;

const pageSize = 1000;
/** Without these two the console leaves out what was removed. */
const everything = {isDecommissioned: "true,false", isUninstalled: "true,false"};

const siteSchema = z.object({
  id: idSchema,
  name: z.string().min(1),
  isDefault: z.boolean().nullish(),
  accountName: z.string().nullish(),
  // Deprecated: sites may come with bundles alone.
  sku: z.string().nullish(),
  licenses: z.looseObject({bundles: z.array(z.object({displayName: z.string().nullish()})).nullish()}).nullish(),
  siteType: z.string().nullish(),
  totalLicenses: z.number().nullish(),
  unlimitedLicenses: z.boolean().nullish(),
  state: z.string().nullish(),
});
const agentSchema = z.object({
  id: idSchema,
  siteId: idSchema,
  computerName: z.string().nullish(),
  machineType: z.string().nullish(),
  createdAt: z.string().nullish(),
  lastActiveDate: z.string().nullish(),
  isDecommissioned: z.boolean().nullish(),
  isUninstalled: z.boolean().nullish(),
  updatedAt: z.string().nullish(),
});
const stateSchema = z.object({since: z.string(), productOfSite: z.record(z.string(), z.string())});

/** The product of what has no SKU. */
const unknown = "Unknown";

const kinds: Readonly<Record<string, string>> = {
  desktop: "workstation",
  laptop: "workstation",
  server: "server",
  "kubernetes node": "server",
};

function connect(context: ConnectorContext<Settings>): HttpClient {
  const {base_url, api_token} = context.settings;
  return connectTo(context, {
    baseUrl: `${base_url}/web/api/v2.1`,
    auth: () => headerAuth({authorization: `ApiToken ${api_token}`}),
    limiter: limiterOf(context, {concurrency: 4, requests: 25, perMilliseconds: 1000}),
  });
}

function list(client: HttpClient, name: string, query: Query, ...rows: readonly string[]): AsyncGenerator<Page> {
  return readPages(
    client,
    {path: `/${name}`, query: {limit: pageSize, ...query}},
    {
      rows: rowsAt(...rows),
      next: nextCursor("cursor", "pagination", "nextCursor"),
      total: numberAt("pagination", "totalItems"),
    },
  );
}

export const sentinelOne: Connector<Settings> = {
  name: "sentinelone",
  side: "usage",
  description: "SentinelOne: agents by site and SKU, and the licences of each site.",
  settings: settingsSchema,
  secrets: ["api_token"],

  async test(context) {
    const {body} = await connect(context).read({path: "/sites", query: {limit: 1}});
    return `SentinelOne answers; the token sees ${at(body, "pagination", "totalItems")} sites.`;
  },

  async sync(context, sink) {
    const client = connect(context);
    const products = new Map<string, Record<string, unknown>>();
    const productOfSite = new Map<string, string>();
    const count = await client.read({path: "/agents", query: {...everything, countOnly: true}});
    await readStream(context, sink, {
      name: "sites",
      table: "accounts",
      pages: list(client, "sites", {}, "data", "sites"),
      schema: siteSchema,
      toRows: (site) => {
        const sku = textOf(site.sku) ?? textOf(site.licenses?.bundles?.[0]?.displayName) ?? unknown;
        const isTrial = site.siteType === "Trial";
        const product = isTrial ? `${sku} trial` : sku;
        products.set(product, {
          product_id: product,
          product_name: `SentinelOne Singularity ${product}`,
          unit: "device",
          is_trial: isTrial,
        });
        productOfSite.set(site.id, product);
        const isCounted =
          site.unlimitedLicenses !== true &&
          typeof site.totalLicenses === "number" &&
          site.totalLicenses >= 0 &&
          (site.state ?? "active") === "active";
        const name = (site.isDefault ? textOf(site.accountName) : null) ?? site.name;
        return {
          accounts: [{account_id: site.id, account_name: name}],
          counts: isCounted
            ? [
                {
                  account_id: site.id,
                  product_id: product,
                  metric: "purchased",
                  quantity: decimalOf(site.totalLicenses),
                  as_of: context.now.toISOString(),
                },
              ]
            : [],
        };
      },
    });
    const state = {since: changesAfter(count, context.now), productOfSite: Object.fromEntries(productOfSite)};
    const parsed = stateSchema.safeParse(context.previous?.state);
    const since =
      parsed.success && isDeepStrictEqual(parsed.data.productOfSite, state.productOfSite) ? parsed.data.since : null;
    const readAgents = (query: Query) =>
      readStream(context, sink, {
        name: "agents",
        table: "seats",
        pages: list(client, "agents", {...everything, ...query}, "data"),
        schema: agentSchema,
        isUnchanged: ({updatedAt, lastActiveDate}) =>
          since !== null && typeof updatedAt === "string" && updatedAt < since && (lastActiveDate ?? "") < since,
        toRows: (agent) => {
          let product = productOfSite.get(agent.siteId);
          if (product === undefined) {
            product = unknown;
            products.set(product, {product_id: product, product_name: "SentinelOne, SKU unknown", unit: "device"});
          }
          return {seats: [toSeat(agent, product)]};
        },
      });
    const isComplete =
      since !== null &&
      context.previous?.isFullDue === false &&
      (await readChanges(sink, {
        table: "seats",
        id: "seat_id",
        read: async () =>
          (await readAgents({updatedAt__gte: since})) + (await readAgents({lastActiveDate__gte: since})),
        total: at(count.body, "pagination", "totalItems"),
      }));
    // Agents that did not change may be the only ones of it.
    if (isComplete) await sink.carryOver("products", {product_id: [unknown]});
    else await readAgents({});
    await sink.write("products", [...products.values()], {place: "SKUs of /sites"});
    return {freshAt: context.now, state, isFull: !isComplete};
  },
};

function toSeat(agent: z.output<typeof agentSchema>, product: string): Record<string, unknown> {
  return {
    seat_id: agent.id,
    account_id: agent.siteId,
    product_id: product,
    kind: lookUp(kinds, agent.machineType) ?? "device",
    display_name: textOf(agent.computerName),
    identifier: textOf(agent.computerName),
    status: agent.isDecommissioned || agent.isUninstalled ? "deleted" : "active",
    created_at: instantOf(agent.createdAt),
    last_activity_at: instantOf(agent.lastActiveDate),
  };
}
