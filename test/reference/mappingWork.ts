import {isUnlinked} from "./causes.js";
import {countsInsteadOfSeats} from "./dispositions.js";
import {groupBy, key} from "./given.js";
import type {Overview} from "./overview.js";
import {add, compare, decimal, divide, integer, type Rational, sum, zero} from "./rational.js";
import type {Given} from "./rows.js";

export interface MappingWork {
  readonly kind: "unlinked_account" | "unaccounted_product";
  readonly connectionId: string;
  readonly accountId: string | null;
  readonly productId: string | null;
  readonly name: string;
  /** Null where they were never read. */
  readonly seatCount: Rational | null;
  /** Clients that use the product; null for accounts. */
  readonly clientCount: number | null;
  /** The service whose name has most in common with the product's; null for accounts. */
  readonly suggestedServiceId: string | null;
}

/** Accounts that nobody decided about, and products that clients use but no rule covers. */
export function findMappingWork({given, rows, disposals}: Overview): MappingWork[] {
  const counts = countsInsteadOfSeats(
    given,
    disposals.counts.filter(({disposition}) => disposition === "unlinked"),
  );
  const accounts = given.accounts
    .filter((account) => isUnlinked(given, account))
    .map(({connectionId, id, name}): MappingWork => {
      const isHere = ({unit}: {unit: {connectionId: string; accountId: string}}) =>
        unit.connectionId === connectionId && unit.accountId === id;
      const seats = disposals.seats.filter((seat) => seat.disposition === "unlinked" && isHere(seat));
      const units = counts.filter(isHere).map(({unit}) => unit.quantity);
      return {
        kind: "unlinked_account",
        connectionId,
        accountId: id,
        productId: null,
        name,
        seatCount: given.unreadAccounts.has(key(connectionId, id)) ? null : add(integer(seats.length), sum(units)),
        clientCount: null,
        suggestedServiceId: null,
      };
    });
  const unaccounted = rows.filter(({type}) => type === "unaccounted");
  const products = [...groupBy(unaccounted, (row) => key(row.connectionIds[0] ?? null, row.productId)).values()];
  return [
    ...accounts,
    ...products.map((group): MappingWork => {
      const connectionId = group[0]?.connectionIds[0] ?? "";
      const productId = group[0]?.productId ?? null;
      const name = given.products.find((one) => one.connectionId === connectionId && one.id === productId)?.name ?? "";
      return {
        kind: "unaccounted_product",
        connectionId,
        accountId: null,
        productId,
        name,
        seatCount: sum(group.map(({systemCount}) => systemCount ?? zero)),
        clientCount: new Set(group.map(({clientId}) => clientId)).size,
        suggestedServiceId: suggestService(given, name),
      };
    }),
  ];
}

/** The service with the largest share of words in common, from a half on; the smallest id where several have. */
function suggestService({services}: Given, productName: string): string | null {
  const words = wordsOf(productName);
  let best: {id: string; score: Rational} | null = null;
  for (const {id, name} of [...services.values()].sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const own = wordsOf(name);
    const shared = [...own].filter((word) => words.has(word)).length;
    const score = divide(integer(2 * shared), integer(own.size + words.size));
    if (best === null || compare(score, best.score) > 0) best = {id, score};
  }
  return best !== null && compare(best.score, decimal("0.5")) >= 0 ? best.id : null;
}

function wordsOf(name: string): Set<string> {
  const plain = name.replaceAll("&", " and ").normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return new Set(plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== ""));
}
