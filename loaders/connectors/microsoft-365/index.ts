import {z} from "zod";
import {at} from "../../at.js";
import type {Connector, ConnectorContext, Sink} from "../connector.js";
import {addressSchema, connectTo, httpSettings, limiterOf} from "../connectTo.js";
import {tokenAuth} from "../http/auth.js";
import type {HttpClient} from "../http/client.js";
import {VendorError} from "../http/errors.js";
import type {Limiter} from "../http/limiter.js";
import {nextUrlAt, type Page, readPages, rowsAt} from "../http/pages.js";
import {readParts} from "../readParts.js";
import {readStream} from "../readStream.js";
import {decimalOf, instantOf, textOf} from "../values.js";
import {isFree, skuNames} from "./skus.js";

/**
 * Microsoft 365 through Graph: customer tenants are accounts, SKUs are products, a licence of a user is a seat.
 * https://learn.microsoft.com/graph/api/resources/subscribedsku, https://learn.microsoft.com/graph/api/user-list
 *
 * Purchased is `prepaidUnits.enabled`, what the tenant pays for and may use: neither suspended units nor those in their
 * grace period (`warning`). Assigned is `consumedUnits`. A user whose sign-in is blocked is `disabled`; where a blocked user
 * has licences, the mailbox is asked whether it is shared. SKUs are joined on `skuId`, whatever they are called; free and
 * trial ones are marked. Last activity is the latest of interactive, non-interactive and successful sign-in. A tenant
 * without Entra ID P1 does not tell: its seats have neither activity nor `created_at`, so that nobody takes them for never
 * used. A tenant that refuses leaves the others current.
 */

const settingsSchema = z
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
    login_url: addressSchema.default("https://login.microsoftonline.com").describe("Where tokens are obtained."),
    graph_url: addressSchema.default("https://graph.microsoft.com").describe("Where Graph is, for national clouds."),
    ...httpSettings,
  })
  .refine(({partner_tenant, tenants}) => partner_tenant !== undefined || tenants !== undefined, {
    error: "expected partner_tenant (GDAP), tenants, or both",
  });

type Settings = z.infer<typeof settingsSchema>;

const customerSchema = z.looseObject({tenantId: z.string().min(1), displayName: z.string().min(1)});
const skuSchema = z.looseObject({
  skuId: z.string().min(1),
  skuPartNumber: z.string().min(1),
  consumedUnits: z.int(),
  prepaidUnits: z.looseObject({enabled: z.int()}),
});
const signInSchema = z.looseObject({
  lastSignInDateTime: z.string().nullish(),
  lastNonInteractiveSignInDateTime: z.string().nullish(),
  lastSuccessfulSignInDateTime: z.string().nullish(),
});
const userSchema = z.looseObject({
  id: z.string().min(1),
  displayName: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  accountEnabled: z.boolean(),
  createdDateTime: z.string().nullish(),
  assignedLicenses: z.array(z.looseObject({skuId: z.string().min(1)})),
  signInActivity: signInSchema.nullish(),
});

type User = z.infer<typeof userSchema>;

const fields = "id,displayName,userPrincipalName,accountEnabled,userType,createdDateTime,assignedLicenses";
/** With sign-ins Graph gives no more than 120 users a page, without them 999. */
const pageSizes = {withSignIns: 120, without: 999} as const;

interface Tenant {
  readonly accountId: string;
  readonly name: string;
}

function connect(context: ConnectorContext<Settings>, tenant: string, limiter: Limiter): HttpClient {
  const {client_id, client_secret, login_url, graph_url} = context.settings;
  const form = {grant_type: "client_credentials", client_id, client_secret, scope: `${graph_url}/.default`};
  return connectTo(context, {
    baseUrl: `${graph_url}/v1.0`,
    limiter,
    auth: (send) =>
      tokenAuth({url: `${login_url}/${encodeURIComponent(tenant)}/oauth2/v2.0/token`, form}, send, context.redactor),
    remedies: {
      403: "The app lacks a permission or this tenant's consent: the guide lists what it needs; a GDAP relationship must be active.",
    },
  });
}

const list = (client: HttpClient, path: string, query = {}): AsyncGenerator<Page> =>
  readPages(client, {path, query}, {rows: rowsAt("value"), next: nextUrlAt("@odata.nextLink")});

const isForbidden = (error: unknown) => error instanceof VendorError && error.status === 403;

/** The user's last sign-in of any kind. */
function lastActivity({signInActivity}: User): string | null {
  const {lastSignInDateTime, lastNonInteractiveSignInDateTime, lastSuccessfulSignInDateTime} = signInActivity ?? {};
  const instants = [lastSignInDateTime, lastNonInteractiveSignInDateTime, lastSuccessfulSignInDateTime]
    .map((value) => instantOf(value))
    .filter((instant) => instant !== null);
  return instants.sort().at(-1) ?? null;
}

/** The ids of blocked users with licences whose mailbox is shared; none where the app may not look at mailboxes. */
async function findSharedMailboxes(client: HttpClient, users: readonly User[]): Promise<Set<string>> {
  const shared = new Set<string>();
  const candidates = users.filter(
    ({accountEnabled, assignedLicenses}) => !accountEnabled && assignedLicenses.length > 0,
  );
  const look = async ({id}: User): Promise<void> => {
    try {
      const {body} = await client.read({path: `/users/${encodeURIComponent(id)}/mailboxSettings/userPurpose`});
      if (at(body, "value") === "shared") shared.add(id);
    } catch (error) {
      // 403: no permission for mailboxes; 404: this user has none.
      if (!(error instanceof VendorError && [403, 404].includes(error.status ?? 0))) throw error;
    }
  };
  await Promise.all(candidates.map(look));
  return shared;
}

/** Pages of users with their sign-ins, or without where the tenant or the permissions do not give them. */
async function* listUsers(client: HttpClient, meetLack: () => void): AsyncGenerator<Page> {
  try {
    yield* list(client, "/users", {$select: `${fields},signInActivity`, $top: pageSizes.withSignIns});
  } catch (error) {
    if (!isForbidden(error)) throw error;
    meetLack();
    yield* list(client, "/users", {$select: fields, $top: pageSizes.without});
  }
}

async function readTenant(
  context: ConnectorContext<Settings>,
  sink: Sink,
  {accountId, name}: Tenant,
  limiter: Limiter,
): Promise<void> {
  const client = connect(context, accountId, limiter);
  const place = `tenant ${name}`;
  const {body} = await client.read({path: "/organization", query: {$select: "id,verifiedDomains"}});
  const domains = rowsAt("value")(body).flatMap((organization) => at(organization, "verifiedDomains") ?? []);
  const domain = domains.find((candidate) => at(candidate, "isDefault") === true);
  await sink.write(
    "accounts",
    [{account_id: accountId, account_name: name, domain: textOf(at(domain, "name") as string)}],
    {
      place,
    },
  );
  const as_of = context.now.toISOString();
  await readStream(context, sink, {
    name: "subscribedSkus",
    table: "counts",
    pages: list(client, "/subscribedSkus"),
    schema: skuSchema,
    toRows: ({skuId, skuPartNumber, consumedUnits, prepaidUnits}) => ({
      products: [
        {
          product_id: skuId,
          product_name: skuNames[skuId] ?? skuPartNumber,
          unit: "licence",
          is_trial: isFree(skuPartNumber),
        },
      ],
      counts: [
        {
          account_id: accountId,
          product_id: skuId,
          metric: "purchased",
          quantity: decimalOf(prepaidUnits.enabled),
          as_of,
        },
        {account_id: accountId, product_id: skuId, metric: "assigned", quantity: decimalOf(consumedUnits), as_of},
      ],
    }),
  });
  let hasSignIns = true;
  const blocked: User[] = [];
  const toSeats = (user: User, kind: "user" | "shared_mailbox") =>
    user.assignedLicenses.map(({skuId}) => ({
      seat_id: user.id,
      account_id: accountId,
      product_id: skuId,
      kind,
      display_name: textOf(user.displayName),
      identifier: textOf(user.userPrincipalName),
      status: user.accountEnabled ? "active" : "disabled",
      created_at: hasSignIns ? instantOf(user.createdDateTime) : null,
      last_activity_at: hasSignIns ? lastActivity(user) : null,
    }));
  await readStream(context, sink, {
    name: "users",
    table: "seats",
    pages: listUsers(client, () => {
      hasSignIns = false;
    }),
    schema: userSchema,
    toRows: (user) => {
      if (user.accountEnabled) return {seats: toSeats(user, "user")};
      blocked.push(user);
      return {};
    },
  });
  const shared = await findSharedMailboxes(client, blocked);
  const seats = blocked.flatMap((user) => toSeats(user, shared.has(user.id) ? "shared_mailbox" : "user"));
  await sink.write("seats", seats, {place: `GET /v1.0/users, ${place}`});
}

export const microsoft365: Connector<Settings> = {
  name: "microsoft-365",
  side: "usage",
  description: "Microsoft 365: licences of users, and purchased and assigned units of each SKU, tenant by tenant.",
  settings: settingsSchema,
  secrets: ["client_secret"],

  async test(context) {
    const {partner_tenant, tenants = []} = context.settings;
    const client = connect(context, partner_tenant ?? tenants[0]?.id ?? "", limiterOf(context, {concurrency: 1}));
    if (partner_tenant !== undefined) {
      const {body} = await client.read({path: "/tenantRelationships/delegatedAdminCustomers", query: {$top: 1}});
      const [customer] = rowsAt("value")(body);
      return `Microsoft Graph answers; ${customer === undefined ? "there is no customer with GDAP yet" : `${at(customer, "displayName")} is among the customers with GDAP`}.`;
    }
    const {body} = await client.read({path: "/organization", query: {$select: "id,displayName"}});
    return `Microsoft Graph answers for the tenant of ${at(rowsAt("value")(body)[0], "displayName")}.`;
  },

  async sync(context, sink) {
    const limiter = limiterOf(context, {concurrency: 8});
    const {partner_tenant, tenants = []} = context.settings;
    const found = new Map<string, Tenant>(tenants.map(({id, name}) => [id, {accountId: id, name}]));
    if (partner_tenant !== undefined) {
      await readStream(context, sink, {
        name: "delegatedAdminCustomers",
        table: "accounts",
        pages: list(connect(context, partner_tenant, limiter), "/tenantRelationships/delegatedAdminCustomers"),
        schema: customerSchema,
        toRows: ({tenantId, displayName}) => {
          found.set(tenantId, {accountId: tenantId, name: displayName});
          return {};
        },
      });
    }
    const failedParts = await readParts(
      context,
      sink,
      [...found.values()],
      {concurrency: 4, tables: ["accounts", "counts", "seats"]},
      (tenant) => readTenant(context, sink, tenant, limiter),
    );
    const unheardOf = failedParts.filter(({kept}) => !kept.has("accounts"));
    for (const {accountId, part} of unheardOf) {
      await sink.write("accounts", [{account_id: accountId, account_name: part}], {place: `tenant ${part}`});
    }
    return {freshAt: context.now, failedParts};
  },
};
