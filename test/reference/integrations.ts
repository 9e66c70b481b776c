import {reportsActivity} from "./activity.js";
import {clientOfAccount, isAccountExcluded} from "./dispositions.js";
import {key} from "./given.js";
import {currentSync, healthOf, lastAttempt} from "./health.js";
import {linkedConnections, type Overview} from "./overview.js";
import {isRead} from "./usage.js";

export interface IntegrationRow {
  readonly connectionId: string;
  readonly health: string;
  readonly lastSuccessAt: string | null;
  readonly lastAttemptAt: string | null;
  readonly lastError: string | null;
  readonly reportsActivity: boolean | null;
  /** Null for the PSA and for a connection that never synced, like the other counts. */
  readonly accountsTotal: number | null;
  readonly accountsLinked: number | null;
  readonly accountsExcluded: number | null;
  readonly seatsTotal: number | null;
  readonly seatsDeleted: number | null;
  readonly seatsUnaccounted: number | null;
}

export function describeIntegrations({given, disposals}: Overview): IntegrationRow[] {
  return given.connections.map(({id, side}) => {
    const accounts = given.accounts.filter(({connectionId}) => connectionId === id);
    const seats = disposals.seats.filter(({unit}) => unit.connectionId === id);
    const last = lastAttempt(given, id);
    const isKnown = side === "usage" && currentSync(given, id) !== undefined;
    const usageOnly = (value: number) => (isKnown ? value : null);
    return {
      connectionId: id,
      health: healthOf(given, id),
      lastSuccessAt: currentSync(given, id)?.freshAt ?? null,
      lastAttemptAt: last?.startedAt ?? null,
      lastError: last?.error ?? null,
      reportsActivity: isKnown ? reportsActivity(given, id) : null,
      accountsTotal: usageOnly(accounts.length),
      accountsLinked: usageOnly(accounts.filter((account) => clientOfAccount(given, id, account.id) !== null).length),
      accountsExcluded: usageOnly(accounts.filter((account) => isAccountExcluded(given, id, account.id)).length),
      seatsTotal: usageOnly(seats.length),
      seatsDeleted: usageOnly(seats.filter(({disposition}) => disposition === "deleted").length),
      seatsUnaccounted: usageOnly(seats.filter(({disposition}) => disposition === "unaccounted").length),
    };
  });
}

export interface AccountRow {
  readonly connectionId: string;
  readonly accountId: string;
  readonly linkStatus: "confirmed" | "excluded" | "unlinked";
  readonly clientId: string | null;
  /** Null where they were never read. */
  readonly seats: number | null;
}

export function describeAccounts({given, disposals}: Overview): AccountRow[] {
  return given.accounts.map(({connectionId, id}) => {
    const clientId = clientOfAccount(given, connectionId, id);
    const undecided = isAccountExcluded(given, connectionId, id) ? "excluded" : "unlinked";
    const seats = disposals.seats.filter(({unit}) => unit.connectionId === connectionId && unit.accountId === id);
    return {
      connectionId,
      accountId: id,
      linkStatus: clientId === null ? undecided : "confirmed",
      clientId,
      seats: given.unreadAccounts.has(key(connectionId, id))
        ? null
        : seats.filter(({disposition}) => disposition !== "deleted").length,
    };
  });
}

export interface ClientIntegrationRow {
  readonly clientId: string;
  readonly connectionId: string;
  /** Null for a connection that never synced, like the other counts. */
  readonly accountsLinked: number | null;
  readonly seats: number | null;
  readonly deleted: number | null;
  readonly counted: number | null;
  readonly filtered: number | null;
  readonly excluded: number | null;
  readonly unaccounted: number | null;
}

/** What each client has in each connection that it is linked to. */
export function describeClientIntegrations({given, disposals}: Overview): ClientIntegrationRow[] {
  return [...given.clients.keys()].flatMap((clientId) =>
    linkedConnections(given, clientId).map((connectionId) => {
      const seats = disposals.seats.filter(
        (seat) => seat.clientId === clientId && seat.unit.connectionId === connectionId,
      );
      const known = (value: number) => (currentSync(given, connectionId) === undefined ? null : value);
      const read = (value: number) => (isRead(given, connectionId, clientId) ? value : null);
      const number = (disposition: string) => read(seats.filter((seat) => seat.disposition === disposition).length);
      return {
        clientId,
        connectionId,
        accountsLinked: known(
          given.accounts.filter(
            (account) =>
              account.connectionId === connectionId && clientOfAccount(given, connectionId, account.id) === clientId,
          ).length,
        ),
        seats: read(seats.length),
        deleted: number("deleted"),
        counted: number("counted"),
        filtered: number("filtered"),
        excluded: number("excluded"),
        unaccounted: number("unaccounted"),
      };
    }),
  );
}
