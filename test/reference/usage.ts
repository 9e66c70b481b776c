import {accepts, clientOfAccount, covers, type Disposed, rulesOf} from "./dispositions.js";
import {groupBy, key} from "./given.js";
import {currentSync, healthOf} from "./health.js";
import {ceiling, integer, isZero, maximumOf, minimumOf, multiply, type Rational, sum, zero} from "./rational.js";
import type {Count, Given, Rule, Seat} from "./rows.js";

export interface Source {
  readonly ruleId: string;
  readonly connectionId: string;
  readonly accountId: string;
  readonly productId: string;
  readonly method: string;
  readonly counted: Rational;
}

/** What the rules of one client and service count. */
export interface Usage {
  readonly rules: readonly Rule[];
  readonly state: "no_data" | "partial" | "stale" | "known" | "known_zero";
  /** Null where no rule has data. */
  readonly systemCount: Rational | null;
  /** Units after multiplier, minimum and maximum, before included ones are taken off. */
  readonly units: Rational | null;
  /** Per rule, account and product. An identity stands under one of its seats. */
  readonly sources: readonly Source[];
}

export interface Disposals {
  readonly seats: readonly Disposed<Seat>[];
  readonly counts: readonly Disposed<Count>[];
}

/** Null where no rule is in force for the client and service. */
export function countUsage(given: Given, disposals: Disposals, clientId: string, serviceId: string): Usage | null {
  const rules = rulesOf(given, clientId).filter((rule) => rule.serviceId === serviceId);
  if (rules.length === 0) return null;
  const withData = rules.filter((rule) => hasData(given, rule, clientId));
  const isOwn = ({clientId: owner, disposition}: Disposed<Seat | Count>) =>
    owner === clientId && disposition === "counted";
  const seatRules = rules.filter(({method}) => method === "seats" || method === "identities");
  const seats = disposals.seats.filter(isOwn).flatMap(({unit}) => {
    const rule = seatRules.find((candidate) => covers(candidate, unit) && accepts(candidate, unit));
    return rule === undefined ? [] : [{unit, rule}];
  });
  const counts = disposals.counts.filter(isOwn).flatMap(({unit}) => {
    const rule = rules.find((candidate) => candidate.method === unit.metric && covers(candidate, unit));
    return rule === undefined ? [] : [{unit, rule}];
  });
  const people = groupBy(
    seats.filter(({rule}) => rule.method === "identities"),
    ({unit}) => identityOf(unit),
  );
  const sources = [
    ...seats.filter(({rule}) => rule.method === "seats").map(({unit, rule}) => sourceOf(rule, unit, integer(1))),
    ...[...people.values()]
      .flatMap((group) => group.slice(0, 1))
      .map(({unit, rule}) => sourceOf(rule, unit, integer(1))),
    ...counts.map(({unit, rule}) => sourceOf(rule, unit, unit.quantity)),
  ];
  const plain = withData.filter(({method}) => method !== "identities");
  const identityRule = withData.find(({method}) => method === "identities");
  const units = plain.map((rule) =>
    unitsOf(rule, sum(sources.filter(({ruleId}) => ruleId === rule.id).map(({counted}) => counted))),
  );
  if (identityRule !== undefined) units.push(unitsOf(identityRule, integer(people.size)));
  const systemCount = withData.length === 0 ? null : sum(sources.map(({counted}) => counted));
  return {
    rules,
    state: stateOf(given, rules, withData, systemCount),
    systemCount,
    units: withData.length === 0 ? null : sum(units),
    sources: mergeSources(sources),
  };
}

function hasData(given: Given, {connectionId, method}: Rule, clientId: string): boolean {
  const provides =
    method === "seats" || method === "identities"
      ? given.seats.some((seat) => seat.connectionId === connectionId)
      : given.counts.some((count) => count.connectionId === connectionId && count.metric === method);
  return currentSync(given, connectionId) !== undefined && provides && isRead(given, connectionId, clientId);
}

/** Whether an account that is linked to the client was ever read. */
export function isRead(given: Given, connectionId: string, clientId: string): boolean {
  return given.accounts.some(
    ({connectionId: place, id}) =>
      place === connectionId &&
      clientOfAccount(given, place, id) === clientId &&
      !given.unreadAccounts.has(key(place, id)),
  );
}

function stateOf(given: Given, rules: Rule[], withData: Rule[], count: Rational | null): Usage["state"] {
  if (withData.length === 0 || count === null) return "no_data";
  if (withData.length < rules.length) return "partial";
  if (rules.some(({connectionId}) => healthOf(given, connectionId) !== "green")) return "stale";
  return isZero(count) ? "known_zero" : "known";
}

function identityOf(seat: Seat): string {
  const identifier = seat.identifier?.trim().toLowerCase() ?? "";
  return identifier === "" ? key("seat", seat.connectionId, seat.accountId, seat.productId, seat.id) : key(identifier);
}

function unitsOf({multiplier, minimum, maximum}: Rule, count: Rational): Rational {
  const least = maximumOf(ceiling(multiply(multiplier, count)), minimum ?? zero);
  return maximum === null ? least : minimumOf(least, maximum);
}

function sourceOf(rule: Rule, {connectionId, accountId, productId}: Seat | Count, counted: Rational): Source {
  return {ruleId: rule.id, connectionId, accountId, productId, method: rule.method, counted};
}

function mergeSources(sources: readonly Source[]): Source[] {
  const groups = groupBy(sources, ({ruleId, connectionId, accountId, productId}) =>
    key(ruleId, connectionId, accountId, productId),
  );
  return [...groups.values()].flatMap((group) =>
    group.slice(0, 1).map((first) => ({...first, counted: sum(group.map(({counted}) => counted))})),
  );
}
