import {clientOfAccount, isAccountExcluded} from "./dispositions.js";
import {compare, zero} from "./rational.js";
import type {ReconciliationRow, Resembles} from "./reconciliation.js";
import type {Account, Given} from "./rows.js";

export function isUnlinked(given: Given, {connectionId, id}: Account): boolean {
  return clientOfAccount(given, connectionId, id) === null && !isAccountExcluded(given, connectionId, id);
}

/** The likely cause of a discrepancy; null for other rows. */
export function causeOf(
  given: Given,
  unaccounted: readonly ReconciliationRow[],
  resembles: Resembles,
  row: ReconciliationRow,
): string | null {
  const {clientId, connectionIds, countState, delta, status, type} = row;
  if (status !== "discrepancy" || delta === null) return null;
  if (countState === "stale" || countState === "partial") return "sync";
  const isOverbilled = compare(delta, zero) < 0;
  const isMislinked = isOverbilled
    ? given.accounts.some(
        (account) =>
          connectionIds.includes(account.connectionId) &&
          isUnlinked(given, account) &&
          resembles(account, clientId) === "yes",
      )
    : given.accounts.some(
        (account) =>
          clientOfAccount(given, account.connectionId, account.id) === clientId &&
          resembles(account, clientId) === "no" &&
          [...given.clients.keys()].some((other) => other !== clientId && resembles(account, other) === "yes"),
      );
  if (isMislinked) return "client_mapping";
  const hasUnaccounted = unaccounted.some(
    (other) => other.clientId === clientId && other.connectionIds.some((id) => connectionIds.includes(id)),
  );
  if (type === "unaccounted" || (isOverbilled && hasUnaccounted)) return "service_mapping";
  return "billing_gap";
}
