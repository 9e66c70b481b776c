import {z} from "zod";
import {at} from "../../at.js";
import type {Connector, ConnectorContext, Sink} from "../connector.js";
import {limiterOf} from "../connectTo.js";
import {VendorError} from "../http/errors.js";
import {heldApart, type Limiter} from "../http/limiter.js";
import {rowsAt} from "../http/pages.js";
import {readParts} from "../readParts.js";
import {readStream} from "../readStream.js";
import {decimalOf, lookUp, textOf} from "../values.js";
import {connect, list, type Settings, settingsSchema} from "./client.js";
import {isFree, skuNames} from "./skus.js";
import {readUsers, type Tenant, type UsersRead} from "./users.js";

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

const customerSchema = z.object({tenantId: z.string().min(1), displayName: z.string().min(1)});
const skuSchema = z.object({
  skuId: z.string().min(1),
  skuPartNumber: z.string().min(1),
  consumedUnits: z.int(),
  prepaidUnits: z.object({enabled: z.int()}),
});
const isTenantId = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** By tenant, from where on Graph can tell changes of users. */
const stateSchema = z.object({tokens: z.record(z.string(), z.string())});

async function readTenant(
  context: ConnectorContext<Settings>,
  sink: Sink,
  {accountId, name}: Tenant,
  limiter: Limiter,
  known: string | undefined,
): Promise<UsersRead> {
  // Graph counts requests by tenant: of pages with sign-ins it gives five in ten seconds.
  const client = connect(context, accountId, heldApart(limiter, context.signal));
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
          product_name: lookUp(skuNames, skuId) ?? skuPartNumber,
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
  return readUsers(context, sink, client, {accountId, name}, known);
}

/** The id of a tenant that may be named by one of its domains; what it is named by where the tenant does not tell. */
async function tenantIdOf(context: ConnectorContext<Settings>, named: string, limiter: Limiter): Promise<string> {
  if (isTenantId.test(named)) return named.toLowerCase();
  try {
    const {body} = await connect(context, named, limiter).read({path: "/organization", query: {$select: "id"}});
    return String(at(rowsAt("value")(body)[0], "id") ?? named).toLowerCase();
  } catch (error) {
    if (error instanceof VendorError) return named;
    throw error;
  }
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
    const {partner_tenant, tenants = [], leave_out = []} = context.settings;
    const leftOut = new Set(leave_out.map((id) => id.toLowerCase()));
    const idOf = async (named: string) => (partner_tenant === undefined ? named : tenantIdOf(context, named, limiter));
    const ids = await Promise.all(tenants.map(({id}) => idOf(id)));
    const found = new Map<string, Tenant>(
      tenants.map(({id, name}, index) => [ids[index] ?? id, {accountId: id, name}]),
    );
    if (partner_tenant !== undefined) {
      await readStream(context, sink, {
        name: "delegatedAdminCustomers",
        table: "accounts",
        pages: list(connect(context, partner_tenant, limiter), "/tenantRelationships/delegatedAdminCustomers"),
        schema: customerSchema,
        toRows: ({tenantId, displayName}) => {
          const id = tenantId.toLowerCase();
          if (!leftOut.has(id)) found.set(id, {accountId: found.get(id)?.accountId ?? tenantId, name: displayName});
          return {};
        },
      });
    }
    const parsed = stateSchema.safeParse(context.previous?.state);
    const known = new Map(Object.entries(parsed.success ? parsed.data.tokens : {}));
    const tokens: Record<string, string> = {};
    /** Tenants of which only the users that changed were read, and those users. */
    const unchanged = {accounts: [] as string[], except: [] as string[]};
    const failedParts = await readParts(
      context,
      sink,
      [...found.values()],
      {concurrency: 4, tables: ["accounts", "counts", "seats"]},
      async (tenant) => {
        const read = await readTenant(context, sink, tenant, limiter, known.get(tenant.accountId));
        if (read.token !== null) tokens[tenant.accountId] = read.token;
        if (read.changed === null) return;
        unchanged.accounts.push(tenant.accountId);
        unchanged.except.push(...read.changed);
      },
    );
    if (unchanged.accounts.length > 0) {
      const replaced = {by: "seat_id", ids: unchanged.except};
      await sink.carryOver("seats", {account_id: unchanged.accounts}, replaced);
    }
    for (const {accountId} of failedParts) {
      // Its rows are still those that its token belongs to; when all was due, all of it is read the next time.
      const token = known.get(accountId);
      if (token !== undefined && context.previous?.isFullDue === false) tokens[accountId] = token;
    }
    const failed = failedParts.map(({accountId}) => accountId);
    const listed = await sink.accountsWith("accounts", failed);
    for (const {accountId, part} of failedParts.filter((one) => !listed.has(one.accountId))) {
      await sink.write("accounts", [{account_id: accountId, account_name: part}], {place: `tenant ${part}`});
    }
    return {freshAt: context.now, failedParts, state: {tokens}, isFull: unchanged.accounts.length === 0};
  },
};
