import type {World} from "../harness.js";
import type {Frame, Part} from "./plan.js";
import {addDays, at, type Row, unique} from "./rows.js";

/** No two share a letter, so that a name either equals another or resembles none. */
export const clientNames = ["Bead", "Sync", "Whim", "Volt", "Furk", "Pgjxq"];

const spellings = [
  (name: string) => name,
  (name: string) => `${name.toUpperCase()}, Inc.`,
  (name: string) => `The ${name} Ltd`,
];

/** One name in several spellings, another, and one that a connection may give twice. */
const productSpellings = [
  (n: number) => `Product ${n}`,
  (n: number) => `PRODUCT-${n}.`,
  (n: number) => `Other ${n}`,
  () => "Product 1",
];

export function asOf({day, atEndOfDay}: Frame): string {
  return atEndOfDay ? `${day}T23:59:59.999Z` : `${day}T12:00:00.000Z`;
}

/** Of the nth account: connections number their own, so that only with its connection an id says which is meant. */
export function accountId({accounts, connections}: Part, n: number): string {
  const own = (account: Part["accounts"][number]) => account.connection % connections.length;
  return `t${accounts.slice(0, n + 1).filter((other) => own(other) === own(at(accounts, n))).length}`;
}

/** Integrations with their syncs, accounts, products, seats and counts; one that never synced has none of these. */
export function makeUsage(given: Part, frame: Frame): World {
  const id = (n: number) => `u${(n % given.connections.length) + 1}`;
  const productId = (connection: number, n: number) =>
    `p${(n % at(given.connections, connection).products.length) + 1}`;
  const hasData = (n: number) => !["neverSucceeded", "never"].includes(at(given.connections, n).sync);
  const accounts = given.accounts
    .map((account, n) => ({...account, accountId: accountId(given, n)}))
    .filter(({connection, isGone}) => hasData(connection) && !isGone);
  const {seats, counts} = makeUnits(given, frame, accounts, id, productId);
  const used = new Set([...seats, ...counts].map((row) => `${row.connection_id} ${row.account_id}`));
  return {
    connections: given.connections.map(({reports}, n) => ({
      connection_id: id(n),
      connector: "csv-usage",
      side: "usage",
      reports_activity: reports,
    })),
    unreadAccounts: accounts
      .filter(({connection, accountId, name}) => name % 3 === 0 && !used.has(`${id(connection)} ${accountId}`))
      .map(({connection, accountId}) => ({connection_id: id(connection), account_id: accountId})),
    syncs: given.connections.flatMap(({sync}, n) => makeSyncs(id(n), sync, asOf(frame))),
    accounts: accounts
      .filter((account) => account.isListed || !used.has(`${id(account.connection)} ${account.accountId}`))
      .map(({connection, accountId, name, spelling, isStrange, domain}) => ({
        connection_id: id(connection),
        account_id: accountId,
        account_name: isStrange
          ? `zzz ${accountId.slice(1)}`
          : at(spellings, spelling)(at(clientNames, name % given.clients.length)),
        domain: domain === null ? null : `${"xyz".charAt(domain % 3)}.test`,
      })),
    products: given.connections.flatMap(({products}, connection) =>
      (hasData(connection) ? products : []).map(({isTrial, unit, listPrice, unitCost, spelling}, n) => ({
        connection_id: id(connection),
        product_id: productId(connection, n),
        product_name: at(productSpellings, spelling)(n + 1),
        unit,
        is_trial: isTrial,
        list_price: listPrice,
        unit_cost: unitCost,
      })),
    ),
    seats,
    counts: unique(counts, "connection_id", "account_id", "product_id", "metric", "as_of"),
  };
}

function makeUnits(
  given: Part,
  {day}: Frame,
  accounts: readonly {connection: number; accountId: string}[],
  id: (n: number) => string,
  productId: (connection: number, n: number) => string,
): {seats: Row[]; counts: Row[]} {
  if (accounts.length === 0) return {seats: [], counts: []};
  const instant = (days: number | null) => (days === null ? null : `${addDays(day, days)}T09:30:00Z`);
  const seats = new Map<string, number>();
  /** Numbered anew for each account and product. */
  const seatId = (...place: string[]): string => {
    const n = (seats.get(place.join(" ")) ?? 0) + 1;
    seats.set(place.join(" "), n);
    return `x${n}`;
  };
  return {
    seats: given.seats.flatMap((row, n) => {
      const {connection, accountId} = at(accounts, row.account);
      if (at(given.connections, connection).sellsOnly) return [];
      const product = row.isProductListed ? productId(connection, row.product) : "unlisted";
      return {
        connection_id: id(connection),
        account_id: accountId,
        product_id: product,
        seat_id: seatId(id(connection), accountId, product),
        kind: row.kind,
        display_name: `Seat ${n + 1}`,
        identifier: row.identifier,
        status: row.status,
        created_at: instant(row.created),
        last_activity_at: instant(row.active),
        commitment_end: row.created === null ? null : addDays(day, 30),
      };
    }),
    counts: given.counts.map((row) => {
      const {connection, accountId} = at(accounts, row.account);
      return {
        connection_id: id(connection),
        account_id: accountId,
        product_id: productId(connection, row.product),
        metric: at(given.connections, connection).sellsOnly ? "purchased" : row.metric,
        quantity: row.quantity,
        as_of: instant(row.asOf),
        commitment_end: row.commitmentEnd === null ? null : addDays(day, row.commitmentEnd),
      };
    }),
  };
}

/** The attempts that lead to a state of health. */
export function makeSyncs(connectionId: string, state: string, instant: string): Row[] {
  const before = (milliseconds: number) => new Date(Date.parse(instant) - milliseconds).toISOString();
  const hour = 3_600_000;
  const attempt = (n: number, status: string, age: number) => ({
    connection_id: connectionId,
    sync_id: String(n),
    status,
    started_at: before(age + 1000),
    fresh_at: status === "failed" ? null : before(age),
    rows_kept: 9,
    rows_quarantined: 1,
    error: status === "failed" ? "The vendor did not answer." : null,
  });
  const attempts: Record<string, ReturnType<typeof attempt>[]> = {
    fresh: [attempt(1, "partial", 40 * hour), attempt(2, "succeeded", hour)],
    boundary: [attempt(1, "succeeded", 24 * hour)],
    stale: [attempt(1, "succeeded", 24 * hour + 1)],
    partial: [attempt(1, "succeeded", 3 * hour), attempt(2, "partial", hour)],
    failed: [attempt(1, "succeeded", 2 * hour), attempt(2, "failed", hour)],
    recovered: [attempt(1, "failed", 5 * hour), attempt(2, "succeeded", hour)],
    neverSucceeded: [attempt(1, "failed", hour)],
    never: [],
  };
  const rows = attempts[state] ?? [];
  const current = rows.findLast(({status}) => status !== "failed");
  return rows.map((row) => ({...row, is_current: row === current}));
}
