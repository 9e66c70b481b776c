import {isUnlinked} from "./causes.js";
import {countsInsteadOfSeats} from "./dispositions.js";
import {groupBy, key} from "./given.js";
import type {Overview} from "./overview.js";
import {add, integer, type Rational, sum, zero} from "./rational.js";

export interface MappingWork {
  readonly kind: "unlinked_account" | "unaccounted_product";
  readonly connectionId: string;
  readonly accountId: string | null;
  readonly productId: string | null;
  readonly seatCount: Rational;
}

/** Accounts that nobody decided about, and products that clients use but no rule covers. */
export function findMappingWork({given, rows, disposals}: Overview): MappingWork[] {
  const counts = countsInsteadOfSeats(
    given,
    disposals.counts.filter(({disposition}) => disposition === "unlinked"),
  );
  const accounts = given.accounts
    .filter((account) => isUnlinked(given, account))
    .map(({connectionId, id}): MappingWork => {
      const isHere = ({unit}: {unit: {connectionId: string; accountId: string}}) =>
        unit.connectionId === connectionId && unit.accountId === id;
      const seats = disposals.seats.filter((seat) => seat.disposition === "unlinked" && isHere(seat));
      const units = counts.filter(isHere).map(({unit}) => unit.quantity);
      return {
        kind: "unlinked_account",
        connectionId,
        accountId: id,
        productId: null,
        seatCount: add(integer(seats.length), sum(units)),
      };
    });
  const unaccounted = rows.filter(({type}) => type === "unaccounted");
  const products = [...groupBy(unaccounted, (row) => key(row.connectionIds[0] ?? null, row.productId)).values()];
  return [
    ...accounts,
    ...products.map(
      (group): MappingWork => ({
        kind: "unaccounted_product",
        connectionId: group[0]?.connectionIds[0] ?? "",
        accountId: null,
        productId: group[0]?.productId ?? null,
        seatCount: sum(group.map(({systemCount}) => systemCount ?? zero)),
      }),
    ),
  ];
}
