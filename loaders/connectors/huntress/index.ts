import {z} from "zod";
import {at} from "../../at.js";
import type {Connector, ConnectorContext} from "../connector.js";
import {addressSchema, connectTo, httpSettings, limiterOf} from "../connectTo.js";
import {basicAuth} from "../http/auth.js";
import type {HttpClient} from "../http/client.js";
import {nextCursor, type Page, readPages, rowsAt} from "../http/pages.js";
import {idSchema, readStream} from "../readStream.js";
import {instantOf, textOf} from "../values.js";

/**
 * Huntress: organisations are accounts, agents are seats of Managed EDR, identities seats of Managed ITDR and ISPM.
 * https://api.huntress.io/docs
 *
 * Billed is an agent that Huntress lists: one that was uninstalled leaves the list. Of the identities those count that
 * Huntress itself calls billable, for each product that is active on their tenant; the others are kept as `disabled`. Where
 * Huntress names no product at all it is Managed ITDR. It does not say when an identity was last used.
 */

const settingsSchema = z.strictObject({
  api_key: z.string().min(1).describe("The public half of the API key."),
  api_secret: z.string().min(1).describe("The secret half of the API key."),
  base_url: addressSchema.default("https://api.huntress.io/v1").describe("Address of the API."),
  identities: z.boolean().default(true).describe("Whether to read identities (Managed ITDR and ISPM)."),
  ...httpSettings,
});

type Settings = z.infer<typeof settingsSchema>;

const pageSize = 500;

const organizationSchema = z.object({id: idSchema, name: z.string().min(1)});
const agentSchema = z.object({
  id: idSchema,
  organization_id: idSchema,
  hostname: z.string().nullish(),
  os: z.string().nullish(),
  platform: z.string().nullish(),
  created_at: z.string().nullish(),
  last_callback_at: z.string().nullish(),
});
const identitySchema = z.object({
  id: idSchema,
  organization: z.object({id: idSchema}),
  username: z.string().nullish(),
  email: z.string().nullish(),
  billable: z.boolean(),
  enabled_products: z.array(z.string()).nullish(),
  created_at: z.string().nullish(),
});

const products = {
  edr: {product_id: "edr", product_name: "Huntress Managed EDR", unit: "device"},
  itdr: {product_id: "itdr", product_name: "Huntress Managed ITDR", unit: "user"},
  ispm: {product_id: "ispm", product_name: "Huntress Managed ISPM", unit: "user"},
};

/** Windows names its servers; of a Linux machine nothing says which it is. */
function kindOf({os, platform}: z.output<typeof agentSchema>): string {
  if (/server/i.test(os ?? "")) return "server";
  return platform === "linux" ? "device" : "workstation";
}

/** The products that an identity is a seat of; none is active on the tenant of one whose list is empty. */
function seatsOf({billable, enabled_products}: z.output<typeof identitySchema>) {
  const active = (["itdr", "ispm"] as const).filter((product) => (enabled_products ?? ["itdr"]).includes(product));
  const status = billable && active.length > 0 ? "active" : "disabled";
  return (active.length > 0 ? active : (["itdr"] as const)).map((product) => ({product, status}));
}

const unreadable =
  "The key may not read this, or there is nothing at this address: check the key and base_url. Identities are there for Managed ITDR and ISPM alone: identities: false in the connection's settings leaves them out.";

function connect(context: ConnectorContext<Settings>): HttpClient {
  const {base_url, api_key, api_secret} = context.settings;
  return connectTo(context, {
    baseUrl: base_url,
    auth: () => basicAuth(api_key, api_secret, context.redactor),
    limiter: limiterOf(context, {concurrency: 4, requests: 60, perMilliseconds: 60_000}),
    // Huntress answers either to whoever may not read something.
    remedies: {403: unreadable, 404: unreadable},
  });
}

function list(client: HttpClient, name: string): AsyncGenerator<Page> {
  return readPages(
    client,
    {path: `/${name}`, query: {limit: pageSize}},
    {rows: rowsAt(name), next: nextCursor("page_token", "pagination", "next_page_token")},
  );
}

export const huntress: Connector<Settings> = {
  name: "huntress",
  side: "usage",
  description: "Huntress: agents and identities by organisation.",
  settings: settingsSchema,
  secrets: ["api_key", "api_secret"],

  async test(context) {
    const client = connect(context);
    const {identities} = context.settings;
    const {body} = await client.read({path: "/account"});
    for (const name of ["organizations", "agents", ...(identities ? ["identities"] : [])]) {
      await client.read({path: `/${name}`, query: {limit: 1}});
    }
    const readable = identities ? "organisations, agents and identities" : "organisations and agents";
    return `Huntress account ${at(body, "account", "name")}: ${readable} can be read.`;
  },

  async sync(context, sink) {
    const client = connect(context);
    const {identities} = context.settings;
    const seen = new Set<keyof typeof products>(identities ? ["edr", "itdr"] : ["edr"]);
    await readStream(context, sink, {
      name: "organizations",
      table: "accounts",
      pages: list(client, "organizations"),
      schema: organizationSchema,
      toRows: ({id, name}) => ({accounts: [{account_id: id, account_name: name}]}),
    });
    await readStream(context, sink, {
      name: "agents",
      table: "seats",
      pages: list(client, "agents"),
      schema: agentSchema,
      toRows: (agent) => ({
        seats: [
          {
            seat_id: agent.id,
            account_id: agent.organization_id,
            product_id: "edr",
            kind: kindOf(agent),
            display_name: textOf(agent.hostname),
            identifier: textOf(agent.hostname),
            status: "active",
            created_at: instantOf(agent.created_at),
            last_activity_at: instantOf(agent.last_callback_at),
          },
        ],
      }),
    });
    if (identities) {
      await readStream(context, sink, {
        name: "identities",
        table: "seats",
        pages: list(client, "identities"),
        schema: identitySchema,
        toRows: (identity) => ({
          seats: seatsOf(identity).map(({product, status}) => {
            seen.add(product);
            return {
              seat_id: identity.id,
              account_id: identity.organization.id,
              product_id: product,
              kind: "user",
              display_name: textOf(identity.username),
              identifier: textOf(identity.email) ?? textOf(identity.username),
              status,
              created_at: instantOf(identity.created_at),
            };
          }),
        }),
      });
    }
    const sold = [...seen].map((product) => products[product]);
    await sink.write("products", sold, {place: "Huntress products"});
    return {freshAt: context.now};
  },
};
