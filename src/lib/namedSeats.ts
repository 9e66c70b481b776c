import type {CountedGroup, Seat} from "./clientData.js";

/** One unit of a count: a seat, or a person who may have several. */
export interface NamedUnit {
  readonly name: string;
  /** E-mail, host name or serial number; null where it says no more than the name. */
  readonly identifier: string | null;
}

const keyOf = ({connection_id, account_id, product_id, kind, status}: Omit<CountedGroup, "count_method">): string =>
  JSON.stringify([connection_id, account_id, product_id, kind, status]);

/** The named seats behind a count, in the order of their names. Under identities a person counts once. */
export function namedUnits(groups: readonly CountedGroup[], seats: readonly Seat[]): NamedUnit[] {
  const methods = new Map(groups.map((group) => [keyOf(group), group.count_method]));
  const units = new Map<string, NamedUnit>();
  for (const seat of seats) {
    const method = methods.get(keyOf({...seat, reconciliation_id: ""}));
    if (method === undefined || !["counted", "unaccounted"].includes(seat.disposition)) continue;
    const identity = seat.identifier?.trim().toLowerCase() ?? "";
    const own = JSON.stringify([seat.connection_id, seat.account_id, seat.product_id, seat.seat_id]);
    const key = method === "identities" && identity !== "" ? identity : own;
    if (units.has(key)) continue;
    const name = seat.display_name ?? seat.identifier ?? seat.seat_id;
    units.set(key, {name, identifier: name.toLowerCase() === identity ? null : seat.identifier});
  }
  const order = new Intl.Collator("en", {numeric: true});
  return [...units.values()].sort(
    (a, b) => order.compare(a.name, b.name) || order.compare(a.identifier ?? "", b.identifier ?? ""),
  );
}
