import {z} from "zod";
import {at} from "../../at.js";
import {billingCyclesSetting, invoiceMonthsSetting} from "../billing.js";
import type {ConnectorContext} from "../connector.js";
import {addressSchema, connectTo, httpSettings, limiterOf, requireSameVendor} from "../connectTo.js";
import {headerAuth} from "../http/auth.js";
import type {HttpClient, HttpRequest, HttpResponse} from "../http/client.js";
import {PagingError, VendorError} from "../http/errors.js";
import {type Page, readPages, rowsAt} from "../http/pages.js";

/** How Autotask is asked. */

export const settingsSchema = z.strictObject({
  username: z.string().min(1).describe("User name of the API user."),
  secret: z.string().min(1).describe("Its password."),
  integration_code: z.string().min(1).describe("The tracking identifier of the API user."),
  lookup_url: addressSchema
    .default("https://webservices.autotask.net/atservicesrest")
    .describe("Where the zone of the user's database is asked for."),
  billing_cycles: billingCyclesSetting,
  invoice_months: invoiceMonthsSetting,
  ...httpSettings,
});

export type Settings = z.infer<typeof settingsSchema>;

const pageSize = 500;
/** Half of the 10,000 requests an hour that a database allows: beyond it Autotask answers more and more slowly. */
const limits = {concurrency: 3, requests: 5000, perMilliseconds: 3_600_000};

/** Autotask answers 500 also where the user is unknown or may not look: only its words tell that from trouble of its own. */
function statusOf(words: string): number | undefined {
  if (words.startsWith("Zone information could not be determined")) return 401;
  return words.includes("does not have the adequate permissions") ? 403 : undefined;
}

export async function connect(context: ConnectorContext<Settings>): Promise<HttpClient> {
  const limiter = limiterOf(context, limits);
  const {username, secret, integration_code, lookup_url} = context.settings;
  const lookup = connectTo(context, {
    baseUrl: `${lookup_url}/v1.0`,
    limiter,
    statusOf,
    remedies: {401: "Autotask knows no API user of this name: check the credentials in the environment."},
  });
  const {body, place} = await lookup.read({path: "/zoneInformation", query: {user: username}});
  const url = at(body, "url");
  if (typeof url !== "string" || !URL.canParse(url)) {
    throw new VendorError(`${place} names no zone for this user: check the user name.`);
  }
  await requireSameVendor(url, lookup_url, place);
  return connectTo(context, {
    baseUrl: `${url.replace(/\/$/, "")}/v1.0`,
    auth: () => headerAuth({ApiIntegrationCode: integration_code, UserName: username, Secret: secret}),
    limiter,
    statusOf,
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

/** How many records Autotask has, and when it said so. */
export async function count(
  client: HttpClient,
  entity: string,
  filter: readonly Condition[] = everything,
): Promise<{records: number; answer: HttpResponse}> {
  const answer = await client.read({path: `/${entity}/query/count`, json: {filter}});
  const records = at(answer.body, "queryCount");
  if (typeof records === "number") return {records, answer};
  throw new PagingError(`${answer.place} does not say how many there are: this is not what the vendor documents.`);
}

/** What the values of a picklist are called, by value: records have numbers, and each database its own. */
export async function readLabels(client: HttpClient, entity: string, field: string): Promise<Map<string, string>> {
  const {body, place} = await client.read({path: `/${entity}/entityInformation/fields`});
  const known = rowsAt("fields")(body, place).find((one) => at(one, "name") === field);
  return new Map(
    rowsAt("picklistValues")(known, place).map((one) => [String(at(one, "value")), String(at(one, "label"))]),
  );
}

/**
 * Pages do not tell how many records there are, so that is asked; again, where it does not come out, for what changed meanwhile.
 * They come by id, and the next is asked for by the last one's: the address that Autotask gives it has all pages before in it,
 * until it is too long.
 * https://www.autotask.net/help/developerhelp/Content/APIs/REST/API_Calls/REST_Advanced_Query_Features.htm
 */
export async function* list(
  client: HttpClient,
  entity: string,
  ...conditions: readonly Condition[]
): AsyncGenerator<Page> {
  const filter = conditions.length > 0 ? conditions : everything;
  const {records: before} = await count(client, entity, filter);
  let arrived = 0;
  const requestOf = (given: readonly Condition[]): HttpRequest => ({
    path: `/${entity}/query`,
    json: {MaxRecords: pageSize, filter: given},
  });
  for await (const page of readPages(client, requestOf(filter), {
    rows: rowsAt("items"),
    next: ({body, rows}) =>
      at(body, "pageDetails", "nextPageUrl")
        ? requestOf([...filter, {op: "gt", field: "id", value: Number(at(rows.at(-1), "id"))}])
        : null,
  })) {
    arrived += page.rows.length;
    yield page;
  }
  if (arrived === before) return;
  const {records: after} = await count(client, entity, filter);
  if (arrived >= Math.min(before, after) && arrived <= Math.max(before, after)) return;
  throw new PagingError(
    `POST /${entity}/query ended the stream after ${arrived} rows; the vendor says that there are ${after}.`,
  );
}
