import {z} from "zod";
import {at} from "../../at.js";
import {billingCyclesSetting, invoiceMonthsSetting} from "../billing.js";
import type {ConnectorContext} from "../connector.js";
import {addressSchema, connectTo, httpSettings, limiterOf} from "../connectTo.js";
import {basicAuth} from "../http/auth.js";
import type {HttpClient} from "../http/client.js";
import {PagingError} from "../http/errors.js";
import {nextLink, type Page, readPages, rowsAt} from "../http/pages.js";

export const settingsSchema = z.strictObject({
  base_url: addressSchema.describe("Your site, such as https://api-na.myconnectwise.net."),
  company_id: z.string().min(1).describe("The company id that you sign in with."),
  public_key: z.string().min(1).describe("Public key of the API member."),
  private_key: z.string().min(1).describe("Private key of the API member."),
  client_id: z.string().min(1).describe("Client id of the integration, from developer.connectwise.com."),
  billing_cycles: billingCyclesSetting,
  invoice_statuses: z
    .record(z.string(), z.enum(["draft", "void"]))
    .default({})
    .describe("Names of invoice statuses that are not invoiced: draft or void. Every other one counts as posted."),
  invoice_months: invoiceMonthsSetting,
  ...httpSettings,
});

export type Settings = z.infer<typeof settingsSchema>;

const pageSize = 1000;
/** Agreements whose additions are read at the same time. */
export const agreementsAtOnce = 8;

export function connect(context: ConnectorContext<Settings>): HttpClient {
  const {base_url, company_id, public_key, private_key, client_id} = context.settings;
  return connectTo(context, {
    baseUrl: `${base_url}/v4_6_release/apis/3.0`,
    auth: () => basicAuth(`${company_id}+${public_key}`, private_key, context.redactor),
    headers: {clientId: client_id},
    limiter: limiterOf(context, {concurrency: agreementsAtOnce}),
    remedies: {
      401: "The company id, a key or the client id is wrong or was revoked, or the site is another region's: check what stands in the environment.",
      403: "The API member's security role lacks an inquiry permission: the guide lists them.",
    },
  });
}

/** A page that is full and has no link may not be the last: not every address gives links, but each has its count. */
export async function* list(
  client: HttpClient,
  path: string,
  fields: string,
  conditions?: string,
): AsyncGenerator<Page> {
  let arrived = 0;
  let isFull = false;
  for await (const page of readPages(
    client,
    {path, query: {pageSize, fields, conditions, orderBy: "id"}, headers: {"pagination-type": "forward-only"}},
    {rows: rowsAt(), next: nextLink},
  )) {
    arrived += page.rows.length;
    isFull = page.rows.length >= pageSize;
    yield page;
  }
  if (!isFull) return;
  const {body} = await client.read({path: `${path}/count`, query: {conditions}});
  const records = Number(at(body, "count"));
  if (records > arrived) {
    throw new PagingError(`${path} ended the stream after ${arrived} rows; the vendor says that there are ${records}.`);
  }
}
