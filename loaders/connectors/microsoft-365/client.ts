import {z} from "zod";
import type {ConnectorContext} from "../connector.js";
import {addressSchema, connectTo, httpSettings} from "../connectTo.js";
import {tokenAuth} from "../http/auth.js";
import type {HttpClient} from "../http/client.js";
import {VendorError} from "../http/errors.js";
import type {Limiter} from "../http/limiter.js";
import {nextUrlAt, type Page, readPages, rowsAt} from "../http/pages.js";

/** How Graph is asked. */

export const settingsSchema = z
  .strictObject({
    client_id: z.string().min(1).describe("Application (client) id of the multi-tenant app registration."),
    client_secret: z.string().min(1).describe("Its client secret."),
    partner_tenant: z
      .string()
      .min(1)
      .optional()
      .describe("Your own tenant: customers are those with whom you have delegated admin relationships (GDAP)."),
    tenants: z
      .array(z.strictObject({id: z.string().min(1), name: z.string().min(1)}))
      .min(1)
      .optional()
      .describe("Customer tenants by id and name, instead of or besides those of GDAP."),
    leave_out: z
      .array(z.string().min(1))
      .optional()
      .describe("Tenants of GDAP by id that are not read, such as those that are customers no more or do not consent."),
    login_url: addressSchema.default("https://login.microsoftonline.com").describe("Where tokens are obtained."),
    graph_url: addressSchema.default("https://graph.microsoft.com").describe("Where Graph is, for national clouds."),
    ...httpSettings,
  })
  .refine(({partner_tenant, tenants}) => partner_tenant !== undefined || tenants !== undefined, {
    error: "expected partner_tenant (GDAP), tenants, or both",
  });

export type Settings = z.infer<typeof settingsSchema>;

const noToken =
  "The tenant has not consented to the app, or the id or the secret of the app in the environment is wrong or expired: the guide lists what it needs.";

export function connect(context: ConnectorContext<Settings>, tenant: string, limiter: Limiter): HttpClient {
  const {client_id, client_secret, login_url, graph_url} = context.settings;
  const form = {grant_type: "client_credentials", client_id, client_secret, scope: `${graph_url}/.default`};
  return connectTo(context, {
    baseUrl: `${graph_url}/v1.0`,
    limiter,
    auth: (send) =>
      tokenAuth({url: `${login_url}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`, form}, send, context.redactor),
    tokenRemedies: {400: noToken, 401: noToken},
    remedies: {
      403: "The app lacks a permission or this tenant's consent: the guide lists what it needs; a GDAP relationship must be active.",
    },
  });
}

/** Graph forgets the token of a page now and then: the list is read once more from its beginning then. */
export async function* list(client: HttpClient, path: string, query = {}): AsyncGenerator<Page> {
  const read = () => readPages(client, {path, query}, {rows: rowsAt("value"), next: nextUrlAt("@odata.nextLink")});
  try {
    yield* read();
  } catch (error) {
    const isExpired =
      error instanceof VendorError && error.status === 400 && /page token .*expired/i.test(error.message);
    if (!isExpired) throw error;
    yield* read();
  }
}
