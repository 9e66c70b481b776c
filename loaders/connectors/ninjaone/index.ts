import {z} from "zod";
import {at} from "../../at.js";
import type {Connector, ConnectorContext} from "../connector.js";
import {addressSchema, connectTo, httpSettings, limiterOf} from "../connectTo.js";
import {tokenAuth} from "../http/auth.js";
import type {HttpClient} from "../http/client.js";
import {nextAfter, type Page, readPages, rowsAt} from "../http/pages.js";
import {idSchema, readStream} from "../readStream.js";
import {instantOf, textOf, wordsOf} from "../values.js";

/**
 * NinjaOne: organisations are accounts, devices are seats, their node class is the product.
 * https://app.ninjarmm.com/apidocs
 *
 * Billed is a device that is approved, whether it is online or not: offline is not gone. Pending and staged ones are not
 * managed yet (`disabled`), decommissioned ones are `deleted`.
 */

const settingsSchema = z.strictObject({
  base_url: addressSchema.describe(
    "Your region: https://app.ninjarmm.com, https://eu.ninjarmm.com, https://oc.ninjarmm.com …",
  ),
  client_id: z.string().min(1).describe("Client id of the API application."),
  client_secret: z.string().min(1).describe("Its client secret."),
  ...httpSettings,
});

type Settings = z.infer<typeof settingsSchema>;

const pageSize = 1000;

const organizationSchema = z.object({id: idSchema, name: z.string().min(1)});
const deviceSchema = z.object({
  id: idSchema,
  organizationId: idSchema,
  nodeClass: z.string().min(1),
  approvalStatus: z.enum(["PENDING", "STAGED", "APPROVED", "DECOMMISSIONED"]),
  displayName: z.string().nullish(),
  systemName: z.string().nullish(),
  created: z.number().nullish(),
  lastContact: z.number().nullish(),
});

const statuses = {PENDING: "disabled", STAGED: "disabled", APPROVED: "active", DECOMMISSIONED: "deleted"} as const;

function kindOf(nodeClass: string): string {
  if (/SERVER|_HOST$/.test(nodeClass)) return "server";
  return /WORKSTATION|^MAC$/.test(nodeClass) ? "workstation" : "device";
}

function connect(context: ConnectorContext<Settings>): HttpClient {
  const {base_url, client_id, client_secret} = context.settings;
  const form = {grant_type: "client_credentials", client_id, client_secret, scope: "monitoring"};
  return connectTo(context, {
    baseUrl: base_url,
    auth: (send) => tokenAuth({url: `${base_url}/ws/oauth/token`, form}, send, context.redactor),
    limiter: limiterOf(context, {concurrency: 4}),
  });
}

function list(client: HttpClient, path: string): AsyncGenerator<Page> {
  return readPages(
    client,
    {path, query: {pageSize}},
    {rows: rowsAt(), next: nextAfter("after", (row) => at(row, "id"))},
  );
}

export const ninjaOne: Connector<Settings> = {
  name: "ninjaone",
  side: "usage",
  description: "NinjaOne: devices by organisation and node class.",
  settings: settingsSchema,
  secrets: ["client_secret"],

  async test(context) {
    const {body} = await connect(context).read({path: "/v2/organizations-detailed", query: {pageSize: 1}});
    return `NinjaOne answers; the first organisation is ${at(body, "0", "name") ?? "not there yet"}.`;
  },

  async sync(context, sink) {
    const client = connect(context);
    await readStream(context, sink, {
      name: "organizations",
      table: "accounts",
      pages: list(client, "/v2/organizations-detailed"),
      schema: organizationSchema,
      toRows: ({id, name}) => ({accounts: [{account_id: id, account_name: name}]}),
    });
    const classes = new Set<string>();
    await readStream(context, sink, {
      name: "devices",
      table: "seats",
      pages: list(client, "/v2/devices-detailed"),
      schema: deviceSchema,
      toRows: (device) => {
        classes.add(device.nodeClass);
        return {
          seats: [
            {
              seat_id: device.id,
              account_id: device.organizationId,
              product_id: device.nodeClass,
              kind: kindOf(device.nodeClass),
              display_name: textOf(device.displayName) ?? textOf(device.systemName),
              identifier: textOf(device.systemName),
              status: statuses[device.approvalStatus],
              created_at: instantOf(device.created),
              last_activity_at: instantOf(device.lastContact),
            },
          ],
        };
      },
    });
    const products = [...classes]
      .sort()
      .map((id) => ({product_id: id, product_name: wordsOf(id.toLowerCase()), unit: "device"}));
    await sink.write("products", products, {place: "node classes of /v2/devices-detailed"});
    return {freshAt: context.now};
  },
};
