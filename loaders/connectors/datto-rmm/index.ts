import {z} from "zod";
import {at} from "../../at.js";
import type {Connector, ConnectorContext} from "../connector.js";
import {addressSchema, connectTo, httpSettings, limiterOf} from "../connectTo.js";
import {basicHeader, tokenAuth} from "../http/auth.js";
import type {HttpClient} from "../http/client.js";
import {nextUrlAt, numberAt, type Page, readPages, rowsAt} from "../http/pages.js";
import {idSchema, readStream} from "../readStream.js";
import {instantOf, textOf} from "../values.js";

/**
 * Datto RMM: sites are accounts, devices are seats, their category is the product.
 * https://rmm.datto.com/help/en/Content/2SETUP/APIv2.htm
 *
 * Billed is a device that is neither deleted nor suspended, whether it is online or not. What was deleted is for a while in a
 * site of Datto's own, which is no client's. Devices of OnDemand sites have a licence of their own and are no managed ones, so
 * they are products of their own.
 */

const settingsSchema = z.strictObject({
  base_url: addressSchema.describe("Your platform's API URL, such as https://pinotage-api.centrastage.net."),
  api_key: z.string().min(1).describe("API key of the API user."),
  api_secret: z.string().min(1).describe("Its API secret key."),
  ...httpSettings,
});

type Settings = z.infer<typeof settingsSchema>;

const pageSize = 250;
/** The name of the site of what was deleted. */
const deletedDevices = "Deleted Devices";

const siteSchema = z.object({uid: idSchema, name: z.string().min(1), onDemand: z.boolean().nullish()});
const deviceSchema = z.object({
  uid: idSchema,
  siteUid: idSchema,
  siteName: z.string().nullish(),
  hostname: z.string().nullish(),
  description: z.string().nullish(),
  deviceType: z.object({category: z.string().nullish()}).nullish(),
  // The document says texts, the service sends epoch milliseconds: both are read.
  creationDate: z.union([z.number(), z.string()]).nullish(),
  lastSeen: z.union([z.number(), z.string()]).nullish(),
  deleted: z.boolean().nullish(),
  suspended: z.boolean().nullish(),
});

function kindOf(category: string): string {
  if (/server|esxi/i.test(category)) return "server";
  return /desktop|laptop|workstation/i.test(category) ? "workstation" : "device";
}

function connect(context: ConnectorContext<Settings>): HttpClient {
  const {base_url, api_key, api_secret} = context.settings;
  return connectTo(context, {
    baseUrl: `${base_url}/api`,
    auth: (send) =>
      tokenAuth(
        {
          url: `${base_url}/auth/oauth/token`,
          form: {grant_type: "password", username: api_key, password: api_secret},
          // The client is public: the same for every account, and no secret.
          headers: {authorization: basicHeader("public-client", "public")},
        },
        send,
        context.redactor,
      ),
    limiter: limiterOf(context, {concurrency: 4, requests: 600, perMilliseconds: 60_000}),
    remedies: {
      403: "The API user may not read this: give it a security level that may see sites and devices. Datto also refuses a machine so, for some minutes, that went on asking beyond its limit: then sync at another hour.",
    },
  });
}

function list(client: HttpClient, name: string): AsyncGenerator<Page> {
  return readPages(
    client,
    {path: `/v2/account/${name}`, query: {page: 0, max: pageSize}},
    {
      rows: rowsAt(name),
      next: nextUrlAt("pageDetails", "nextPageUrl"),
      total: numberAt("pageDetails", "totalCount"),
      isByPosition: true,
      size: "max",
      idOf: (row) => at(row, "uid"),
    },
  );
}

export const dattoRmm: Connector<Settings> = {
  name: "datto-rmm",
  side: "usage",
  description: "Datto RMM: devices by site and category.",
  settings: settingsSchema,
  secrets: ["api_key", "api_secret"],

  async test(context) {
    const client = connect(context);
    const {body} = await client.read({path: "/v2/account"});
    for (const name of ["sites", "devices"]) {
      await client.read({path: `/v2/account/${name}`, query: {page: 0, max: 1}});
    }
    return `Datto RMM account ${at(body, "name")}: sites and devices can be read.`;
  },

  async sync(context, sink) {
    const client = connect(context);
    const onDemand = new Set<string>();
    await readStream(context, sink, {
      name: "sites",
      table: "accounts",
      pages: list(client, "sites"),
      schema: siteSchema,
      toRows: ({uid, name, ...site}) => {
        if (site.onDemand) onDemand.add(uid);
        return {accounts: [{account_id: uid, account_name: name}]};
      },
    });
    const names = new Set<string>();
    await readStream(context, sink, {
      name: "devices",
      table: "seats",
      pages: list(client, "devices"),
      schema: deviceSchema,
      toRows: (device) => {
        const isDeleted = device.deleted || device.siteName === deletedDevices;
        const category = textOf(device.deviceType?.category) ?? "Uncategorised";
        const product = onDemand.has(device.siteUid) ? `${category} (OnDemand)` : category;
        names.add(product);
        return {
          seats: [
            {
              seat_id: device.uid,
              account_id: device.siteUid,
              product_id: product,
              kind: kindOf(category),
              display_name: textOf(device.description) ?? textOf(device.hostname),
              identifier: textOf(device.hostname),
              status: isDeleted ? "deleted" : device.suspended ? "suspended" : "active",
              created_at: instantOf(device.creationDate, "milliseconds"),
              last_activity_at: instantOf(device.lastSeen, "milliseconds"),
            },
          ],
        };
      },
    });
    const products = [...names].sort().map((name) => ({product_id: name, product_name: name, unit: "device"}));
    await sink.write("products", products, {place: "categories of /v2/account/devices"});
    return {freshAt: context.now};
  },
};
