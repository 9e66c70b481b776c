import {z} from "zod";
import {at} from "../../at.js";
import {invoiceMonthsSetting} from "../billing.js";
import type {ConnectorContext} from "../connector.js";
import {addressSchema, connectTo, httpSettings, limiterOf} from "../connectTo.js";
import {headerAuth} from "../http/auth.js";
import type {HttpClient} from "../http/client.js";
import {VendorError} from "../http/errors.js";
import {nextUrlAt, type Page, readPages, rowsAt} from "../http/pages.js";

/** How Autotask is asked. */

export const settingsSchema = z.strictObject({
  username: z.string().min(1).describe("User name of the API user."),
  secret: z.string().min(1).describe("Its password."),
  integration_code: z.string().min(1).describe("The tracking identifier of the API user."),
  lookup_url: addressSchema
    .default("https://webservices.autotask.net/atservicesrest")
    .describe("Where the zone of the user's database is asked for."),
  invoice_months: invoiceMonthsSetting,
  ...httpSettings,
});

export type Settings = z.infer<typeof settingsSchema>;

const pageSize = 500;
/** Half of the 10,000 requests an hour that a database allows: beyond it Autotask answers more and more slowly. */
const limits = {concurrency: 3, requests: 5000, perMilliseconds: 3_600_000};

export async function connect(context: ConnectorContext<Settings>): Promise<HttpClient> {
  const limiter = limiterOf(context, limits);
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

export interface Condition {
  readonly op: string;
  readonly field: string;
  readonly value: string | number;
}

/** Autotask wants a condition, even where all is asked for. */
export const everything: readonly Condition[] = [{op: "gte", field: "id", value: 0}];

export function list(client: HttpClient, entity: string, ...conditions: readonly Condition[]): AsyncGenerator<Page> {
  const filter = conditions.length > 0 ? conditions : everything;
  return readPages(
    client,
    {path: `/${entity}/query`, json: {MaxRecords: pageSize, filter}},
    {rows: rowsAt("items"), next: nextUrlAt("pageDetails", "nextPageUrl")},
  );
}
