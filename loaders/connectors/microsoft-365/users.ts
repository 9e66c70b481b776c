import PQueue from "p-queue";
import {z} from "zod";
import {at} from "../../at.js";
import type {ConnectorContext, Sink} from "../connector.js";
import type {HttpClient} from "../http/client.js";
import {hasStatus} from "../http/errors.js";
import {nextUrlAt, type Page, readPages, rowsAt} from "../http/pages.js";
import {readStream} from "../readStream.js";
import {instantOf, textOf} from "../values.js";
import {list} from "./client.js";

/**
 * The users of a tenant and their licences.
 *
 * Where Graph tells sign-ins, all users are read each time: their sign-ins are no part of `users/delta`, and most users
 * sign in between two syncs. Elsewhere `users/delta` names those that changed or went since the last sync. What it tells
 * of them need not be the whole user, so each is read; the seats of the others stay.
 * https://learn.microsoft.com/graph/delta-query-overview
 */

const signInSchema = z.object({
  lastSignInDateTime: z.string().nullish(),
  lastNonInteractiveSignInDateTime: z.string().nullish(),
  lastSuccessfulSignInDateTime: z.string().nullish(),
});
const userSchema = z.object({
  id: z.string().min(1),
  displayName: z.string().nullish(),
  userPrincipalName: z.string().nullish(),
  accountEnabled: z.boolean(),
  createdDateTime: z.string().nullish(),
  assignedLicenses: z.array(z.object({skuId: z.string().min(1)})),
  signInActivity: signInSchema.nullish(),
});

type User = z.infer<typeof userSchema>;

const fields = "id,displayName,userPrincipalName,accountEnabled,userType,createdDateTime,assignedLicenses";
/** With sign-ins Graph gives no more than 120 users a page, without them 999. */
const pageSizes = {withSignIns: 120, without: 999} as const;
/** `in` takes no more ids. */
const idsAtOnce = 15;
/** With more changes than these, reading all users takes fewer requests. */
const mostChanges = 500;
const mailboxesAtOnce = 8;

export interface Tenant {
  readonly accountId: string;
  readonly name: string;
}

export interface UsersRead {
  /** From where on the next sync can ask for changes; null where Graph does not tell them. */
  readonly token: string | null;
  /** The ids of the users that were read where the others are unchanged: their seats are to be kept. Null where all were read. */
  readonly changed: ReadonlySet<string> | null;
}

const isForbidden = (error: unknown) => hasStatus(error, 403);

/** The user's last sign-in of any kind. */
function lastActivity({signInActivity}: User): string | null {
  const {lastSignInDateTime, lastNonInteractiveSignInDateTime, lastSuccessfulSignInDateTime} = signInActivity ?? {};
  const instants = [lastSignInDateTime, lastNonInteractiveSignInDateTime, lastSuccessfulSignInDateTime]
    .map((value) => instantOf(value))
    .filter((instant) => instant !== null);
  return instants.sort().at(-1) ?? null;
}

/**
 * The ids of blocked users with licences whose mailbox is shared; none where the app may not look at mailboxes, or where the
 * tenant has no Exchange and refuses whatever token it is asked with.
 */
async function findSharedMailboxes(client: HttpClient, users: readonly User[]): Promise<Set<string>> {
  const shared = new Set<string>();
  const candidates = users.filter(
    ({accountEnabled, assignedLicenses}) => !accountEnabled && assignedLicenses.length > 0,
  );
  let hasExchange = true;
  const look = async ({id}: User): Promise<void> => {
    if (!hasExchange) return;
    try {
      const {body} = await client.read({path: `/users/${encodeURIComponent(id)}/mailboxSettings/userPurpose`});
      if (at(body, "value") === "shared") shared.add(id);
    } catch (error) {
      if (hasStatus(error, 401)) hasExchange = false;
      // 403: no permission for mailboxes, or for this one; 404: this user has none.
      else if (!hasStatus(error, 403, 404)) throw error;
    }
  };
  await new PQueue({concurrency: mailboxesAtOnce}).addAll(candidates.map((user) => () => look(user)));
  return shared;
}

/** Pages of users with their sign-ins, or others where the tenant or the permissions do not give sign-ins. */
async function* listUsers(client: HttpClient, withoutSignIns: () => AsyncGenerator<Page>): AsyncGenerator<Page> {
  let pages = 0;
  try {
    for await (const page of list(client, "/users", {
      $select: `${fields},signInActivity`,
      $top: pageSizes.withSignIns,
    })) {
      pages += 1;
      yield page;
    }
  } catch (error) {
    if (!isForbidden(error) || pages > 0) throw error;
    yield* withoutSignIns();
  }
}

/** Users by their id; those that are gone are left out. */
async function* listSome(client: HttpClient, ids: readonly string[]): AsyncGenerator<Page> {
  for (let start = 0; start < ids.length; start += idsAtOnce) {
    const some = ids.slice(start, start + idsAtOnce).map((id) => `'${id.replaceAll("'", "''")}'`);
    yield* list(client, "/users", {$select: fields, $filter: `id in (${some.join(",")})`});
  }
}

/**
 * The users that changed or went since the token, and the token for the next time; `latest` gives a token alone. Null where
 * the tenant keeps no changes or has forgotten the token.
 */
async function readDelta(client: HttpClient, token: string): Promise<{ids: Set<string>; token: string} | null> {
  const ids = new Set<string>();
  let link: unknown;
  const pages = readPages(
    client,
    // What to tell of users is kept in the token.
    {path: "/users/delta", query: {$select: token === "latest" ? fields : undefined, $deltatoken: token}},
    {
      rows: rowsAt("value"),
      next: (answer) => {
        link = at(answer.body, "@odata.deltaLink");
        return nextUrlAt("@odata.nextLink")(answer);
      },
    },
  );
  try {
    for await (const {rows} of pages) for (const row of rows) ids.add(String(at(row, "id")));
  } catch (error) {
    if (hasStatus(error, 400, 403, 404, 410)) return null;
    throw error;
  }
  const next = typeof link === "string" ? new URL(link).searchParams.get("$deltatoken") : null;
  return next === null ? null : {ids, token: next};
}

/** Reads the users of a tenant, or only those that changed since the last sync: the seats of the others are the caller's to keep. */
export async function readUsers(
  context: ConnectorContext,
  sink: Sink,
  client: HttpClient,
  {accountId, name}: Tenant,
  known: string | undefined,
): Promise<UsersRead> {
  const found: {hasSignIns: boolean; isFull: boolean; token: string | null; changed: Set<string> | null} = {
    hasSignIns: true,
    isFull: true,
    token: null,
    changed: null,
  };
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
      created_at: found.hasSignIns ? instantOf(user.createdDateTime) : null,
      last_activity_at: found.hasSignIns ? lastActivity(user) : null,
    }));
  const withoutSignIns = async function* (): AsyncGenerator<Page> {
    found.hasSignIns = false;
    // The token is taken before the users are read, so that what changes meanwhile is read the next time.
    const changes = known === undefined ? null : await readDelta(client, known);
    found.token = (changes ?? (await readDelta(client, "latest")))?.token ?? null;
    found.changed = changes?.ids ?? null;
    const ids = [...(found.changed ?? [])];
    found.isFull = found.changed === null || context.previous?.isFullDue === true || ids.length > mostChanges;
    yield* found.isFull ? list(client, "/users", {$select: fields, $top: pageSizes.without}) : listSome(client, ids);
  };
  const rejected = await readStream(context, sink, {
    name: "users",
    table: "seats",
    pages: listUsers(client, withoutSignIns),
    schema: userSchema,
    isUnchanged: ({id}) => found.changed?.has(id) === false,
    toRows: (user) => {
      if (user.accountEnabled) return {seats: toSeats(user, "user")};
      blocked.push(user);
      return {};
    },
  });
  const shared = await findSharedMailboxes(client, blocked);
  const seats = blocked.flatMap((user) => toSeats(user, shared.has(user.id) ? "shared_mailbox" : "user"));
  await sink.write("seats", seats, {place: `GET /v1.0/users, tenant ${name}`});
  // A user that could not be used is tried again by reading all.
  return {token: rejected === 0 ? found.token : null, changed: found.isFull ? null : found.changed};
}
