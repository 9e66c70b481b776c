import {contains} from "./calendar.js";
import {groupBy, key} from "./given.js";
import type {Count, Exclusion, Given, Rule, Seat} from "./rows.js";

export interface Disposed<T> {
  readonly unit: T;
  readonly disposition: "deleted" | "excluded" | "unlinked" | "counted" | "filtered" | "unaccounted";
  /** The confirmed client of the account. */
  readonly clientId: string | null;
  readonly ruleId: string | null;
}

export function clientOfAccount({links}: Given, connectionId: string, accountId: string): string | null {
  const link = links.find((row) => row.connectionId === connectionId && row.accountId === accountId);
  return link?.status === "confirmed" ? link.clientId : null;
}

export function isAccountExcluded({links}: Given, connectionId: string, accountId: string): boolean {
  return links.some(
    (link) => link.connectionId === connectionId && link.accountId === accountId && link.status === "excluded",
  );
}

/** The rules in force for a client, smallest id first: its own, and the global ones that no own rule replaces. */
export function rulesOf({rules, day}: Given, clientId: string): Rule[] {
  const inForce = rules.filter((rule) => rule.isActive && contains({start: rule.from, end: rule.to}, day));
  const triple = ({serviceId, connectionId}: Rule) => key(serviceId, connectionId);
  const replaced = new Set(inForce.filter((rule) => rule.clientId === clientId).map(triple));
  return inForce
    .filter((rule) => rule.clientId === clientId || (rule.clientId === null && !replaced.has(triple(rule))))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function covers(rule: Rule, unit: {connectionId: string; productId: string}): boolean {
  return (
    rule.connectionId === unit.connectionId && (rule.productIds === null || rule.productIds.includes(unit.productId))
  );
}

/** Whether a rule that covers the seat's product also takes its kind and status. */
export function accepts(rule: Rule, seat: Seat): boolean {
  return (
    (rule.kinds === null || (seat.kind !== null && rule.kinds.includes(seat.kind))) &&
    rule.statuses.includes(seat.status)
  );
}

function applies(given: Given, exclusion: Exclusion, unit: Seat | Count): boolean {
  return (
    exclusion.connectionId === unit.connectionId &&
    (exclusion.expiresOn === null || given.day <= exclusion.expiresOn) &&
    (exclusion.accountId === null || exclusion.accountId === unit.accountId) &&
    (exclusion.productId === null || exclusion.productId === unit.productId) &&
    (exclusion.seatId === null || ("id" in unit && exclusion.seatId === unit.id))
  );
}

/** Whether all that the account has of the product is left out by decision. */
export function isLeftOut(given: Given, unit: Seat | Count): boolean {
  return given.exclusions.some((exclusion) => exclusion.seatId === null && applies(given, exclusion, unit));
}

function isExcluded(given: Given, unit: Seat | Count): boolean {
  const {connectionId, accountId, productId} = unit;
  const product = given.products.find((row) => row.connectionId === connectionId && row.id === productId);
  return (
    isAccountExcluded(given, connectionId, accountId) ||
    given.exclusions.some((exclusion) => applies(given, exclusion, unit)) ||
    product === undefined ||
    product.isTrial
  );
}

/** Every seat with its one disposition. */
export function disposeSeats(given: Given): Disposed<Seat>[] {
  return given.seats.map((seat): Disposed<Seat> => {
    const clientId = clientOfAccount(given, seat.connectionId, seat.accountId);
    const as = (disposition: Disposed<Seat>["disposition"], ruleId: string | null = null) => ({
      unit: seat,
      disposition,
      clientId,
      ruleId,
    });
    if (seat.status === "deleted") return as("deleted");
    if (isExcluded(given, seat)) return as("excluded");
    if (clientId === null) return as("unlinked");
    const covering = rulesOf(given, clientId).filter((rule) => covers(rule, seat));
    const counting = covering.find((rule) => accepts(rule, seat));
    if (counting !== undefined) return as("counted", counting.id);
    return as(covering.length > 0 ? "filtered" : "unaccounted");
  });
}

/** The newest count of each account, product and metric with its disposition; a product that a rule covers is accounted for. */
export function disposeCounts(given: Given): Disposed<Count>[] {
  const groups = groupBy(given.counts, (count) =>
    key(count.connectionId, count.accountId, count.productId, count.metric),
  );
  const at = ({asOf}: Count) => (asOf === null ? Number.NEGATIVE_INFINITY : Date.parse(asOf));
  return [...groups.values()].map((counts): Disposed<Count> => {
    const count = counts.reduce((newest, other) => (at(other) > at(newest) ? other : newest));
    const clientId = clientOfAccount(given, count.connectionId, count.accountId);
    const as = (disposition: Disposed<Count>["disposition"], ruleId: string | null = null) => ({
      unit: count,
      disposition,
      clientId,
      ruleId,
    });
    if (isExcluded(given, count)) return as("excluded");
    if (clientId === null) return as("unlinked");
    const covering = rulesOf(given, clientId).filter((rule) => covers(rule, count));
    const counting = covering.find((rule) => rule.method === count.metric);
    if (counting !== undefined) return as("counted", counting.id);
    return as(covering.length > 0 ? "filtered" : "unaccounted");
  });
}

/** Counts in units where no seats of the account and product exist: one per account and product, by the best metric. */
export function countsInsteadOfSeats(given: Given, counts: readonly Disposed<Count>[]): Disposed<Count>[] {
  const place = ({connectionId, accountId, productId}: Seat | Count) => key(connectionId, accountId, productId);
  const withSeats = new Set(given.seats.map(place));
  const groups = groupBy(
    counts.filter(({unit}) => !withSeats.has(place(unit))),
    ({unit}) => place(unit),
  );
  const order = ["assigned", "active", "reported", "purchased"];
  return [...groups.values()].map((group) =>
    group.reduce((best, other) => (order.indexOf(other.unit.metric) < order.indexOf(best.unit.metric) ? other : best)),
  );
}
