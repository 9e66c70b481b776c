import type {Day} from "./calendar.js";
import {accepts, clientOfAccount, covers, isLeftOut, rulesOf} from "./dispositions.js";
import {groupBy, key} from "./given.js";
import {
  add,
  compare,
  divide,
  integer,
  isZero,
  maximumOf,
  multiply,
  type Rational,
  round,
  subtract,
  sum,
  zero,
} from "./rational.js";
import type {Count, Given, Product, Rule, Seat} from "./rows.js";
import type {Disposals} from "./usage.js";

/** Units that cost, and what says how many they are. */
export interface Charged {
  readonly units: Rational;
  readonly by: "purchased" | "used" | "billed";
}

/** What a client has of a product in all of its accounts; null where nobody says it. */
interface Holding {
  readonly clientId: string;
  readonly product: Product;
  readonly purchased: Rational | null;
  readonly used: Rational | null;
  readonly unassigned: Rational | null;
  readonly charged: Charged;
  readonly commitmentEnd: Day | null;
  /** Left out by decision in one of the accounts, in all of them. */
  readonly isPartlyExcluded: boolean;
  readonly isExcluded: boolean;
}

/** A product of a client that costs money; a distributor's and a vendor's of one name are one. */
export interface Licence {
  readonly clientId: string;
  /** The vendor's, where a vendor knows who uses it. */
  readonly product: Product;
  readonly supplierIds: readonly string[];
  readonly purchased: Rational | null;
  readonly used: Rational | null;
  readonly unassigned: Rational | null;
  readonly charged: Charged;
  /** What distributor or vendor charge for a unit, with 6 decimals, and for all of them. */
  readonly unitCost: Rational | null;
  readonly cost: Rational | null;
  readonly commitmentEnd: Day | null;
  readonly isExcluded: boolean;
  /** The services whose rules cover it, by id. */
  readonly feeds: readonly Feed[];
}

/** A service that a licence stands behind. */
export interface Feed {
  readonly serviceId: string;
  /** Whether the service bears a part of the licence's cost. */
  readonly isBearer: boolean;
  /** What the service's rules see of the licence. */
  readonly seen: Rational;
  readonly isMultiplied: boolean;
}

export function findLicences(given: Given, disposals: Disposals): Licence[] {
  const holdings = findHoldings(given, disposals);
  const homes = new Map(holdings.map((holding) => [holding, findVendor(holdings, holding)]));
  const licences = holdings
    .filter((holding) => homes.get(holding) === undefined)
    .map((holding) =>
      toLicence(
        given,
        disposals,
        holding,
        holdings.filter((other) => homes.get(other) === holding),
      ),
    );
  return licences.map((licence) => {
    const behind = licence.feeds.filter((feed) => isBehind(licences, licence, feed));
    return {...licence, feeds: withBearers(given, licence.product, behind)};
  });
}

/** A licence of which nothing is there stands behind a service only where no other does. */
function isBehind(licences: readonly Licence[], licence: Licence, {serviceId}: Feed): boolean {
  const isFeeding = (other: Licence) =>
    other.clientId === licence.clientId && other.feeds.some((feed) => feed.serviceId === serviceId);
  return isThere(licence) || !licences.some((other) => isFeeding(other) && isThere(other));
}

/** Its cost falls on the services sold in its own unit; on all where none is. */
function withBearers({services}: Given, {unit}: Product, feeds: readonly Feed[]): Feed[] {
  const isInUnit = ({serviceId}: Feed) => unit !== null && services.get(serviceId)?.unit === unit;
  const isMatched = feeds.some(isInUnit);
  return feeds.map((feed) => ({...feed, isBearer: !isMatched || isInUnit(feed)}));
}

function isThere({purchased, used}: Licence): boolean {
  return !isZero(purchased ?? zero) || !isZero(used ?? zero);
}

function findHoldings(given: Given, {seats, counts}: Disposals): Holding[] {
  const units = [...seats, ...counts].filter(({unit: {connectionId, productId}}) =>
    given.products.some(
      (product) => product.connectionId === connectionId && product.id === productId && !product.isTrial,
    ),
  );
  const owned = units.flatMap(({unit}) => {
    const clientId = clientOfAccount(given, unit.connectionId, unit.accountId);
    return clientId === null ? [] : [{unit, clientId}];
  });
  const groups = groupBy(owned, ({clientId, unit}) => key(clientId, unit.connectionId, unit.productId));
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    const product = given.products.find(
      ({connectionId, id}) => connectionId === first?.unit.connectionId && id === first.unit.productId,
    );
    if (first === undefined || product === undefined) return [];
    const accounts = groupBy(
      group.map(({unit}) => unit),
      ({accountId}) => accountId,
    );
    return [toHolding(given, first.clientId, product, [...accounts.values()])];
  });
}

function toHolding(given: Given, clientId: string, product: Product, accounts: readonly (Seat | Count)[][]): Holding {
  const each = accounts.map(holdingOfAccount);
  const purchased = sumOfKnown(each.map((account) => account.purchased));
  return {
    clientId,
    product,
    purchased,
    used: sumOfKnown(each.map(({used}) => used)),
    unassigned: sumOfKnown(each.map((account) => spare(account.purchased, account.used))),
    charged: {
      units: sum(each.map((account) => account.purchased ?? account.used ?? zero)),
      by: purchased === null ? "used" : "purchased",
    },
    commitmentEnd: latest(each.map(({commitmentEnd}) => commitmentEnd)),
    isPartlyExcluded: accounts.flat().some((unit) => isLeftOut(given, unit)),
    isExcluded: accounts.flat().every((unit) => isLeftOut(given, unit)),
  };
}

function holdingOfAccount(units: readonly (Seat | Count)[]): Pick<Holding, "purchased" | "used" | "commitmentEnd"> {
  const seats = units.filter((unit) => "id" in unit);
  const total = (metric: string) =>
    units.find((unit) => "metric" in unit && unit.metric === metric) as Count | undefined;
  const present = seats.filter(({status}) => status !== "deleted").length;
  return {
    purchased: total("purchased")?.quantity ?? null,
    used:
      total("assigned")?.quantity ??
      (present > 0 ? integer(present) : null) ??
      total("active")?.quantity ??
      total("reported")?.quantity ??
      (seats.length > 0 ? zero : null),
    commitmentEnd: total("purchased")?.commitmentEnd ?? null,
  };
}

/** The vendor's product of the same name that a distributor's purchases are for; the first by connection of several. */
function findVendor(holdings: readonly Holding[], purchase: Holding): Holding | undefined {
  if (purchase.used !== null || purchase.purchased === null) return undefined;
  const [vendor] = holdings
    .filter(
      (other) =>
        other.clientId === purchase.clientId &&
        other.used !== null &&
        other.product.connectionId !== purchase.product.connectionId &&
        plainName(other.product) === plainName(purchase.product),
    )
    .sort((a, b) => (key(a.product.connectionId, a.product.id) < key(b.product.connectionId, b.product.id) ? -1 : 1));
  return vendor;
}

function plainName({name}: Product): string {
  return name
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .join(" ")
    .trim();
}

function toLicence(given: Given, disposals: Disposals, home: Holding, suppliers: readonly Holding[]): Licence {
  const {clientId, product, used} = home;
  const all = [home, ...suppliers];
  const paid = suppliers.length > 0 ? suppliers : [home];
  const purchased = sumOfKnown(paid.map((holding) => holding.purchased));
  const units = sum(paid.map(({charged}) => charged.units));
  const prices = paid.map((holding) => holding.product.unitCost ?? product.unitCost);
  const known = prices.flatMap((price) => price ?? []);
  const isKnown = known.length === prices.length;
  const exact = sum(paid.map(({charged}, n) => multiply(charged.units, prices[n] ?? zero)));
  const mean = isZero(units) ? known.reduce(maximumOf, zero) : round(divide(exact, units), 6);
  return {
    clientId,
    product,
    supplierIds: [...new Set(suppliers.map((supplier) => supplier.product.connectionId))].sort(),
    purchased,
    used,
    unassigned: suppliers.length > 0 ? spare(purchased, used) : home.unassigned,
    charged: {units, by: purchased === null ? "used" : "purchased"},
    unitCost: isKnown ? mean : null,
    cost: isKnown ? round(exact, 2) : null,
    commitmentEnd: latest(all.map(({commitmentEnd}) => commitmentEnd)),
    isExcluded: all.every(({isPartlyExcluded}) => isPartlyExcluded),
    feeds: findFeeds(given, disposals, clientId, all),
  };
}

/** The services whose rules cover one of the products, as long as it is not left out by decision in every account. */
function findFeeds(given: Given, disposals: Disposals, clientId: string, holdings: readonly Holding[]): Feed[] {
  const products = holdings.filter(({isExcluded}) => !isExcluded).map(({product}) => product);
  const rules = rulesOf(given, clientId).filter((rule) =>
    products.some(({connectionId, id}) => covers(rule, {connectionId, productId: id})),
  );
  const services = [...groupBy(rules, ({serviceId}) => serviceId)].sort(([a], [b]) => (a < b ? -1 : 1));
  return services.map(([serviceId, own]) => ({
    serviceId,
    isBearer: true,
    seen: seenBy(own, disposals, clientId, products),
    isMultiplied: own.some(({multiplier}) => compare(multiplier, integer(1)) !== 0),
  }));
}

/** Units of the products that the rules count, a person as often as there are seats. */
function seenBy(
  rules: readonly Rule[],
  {seats, counts}: Disposals,
  clientId: string,
  products: readonly Product[],
): Rational {
  const isCounted = (one: {unit: Seat | Count; clientId: string | null; disposition: string}) =>
    one.clientId === clientId &&
    one.disposition === "counted" &&
    products.some(({connectionId, id}) => connectionId === one.unit.connectionId && id === one.unit.productId);
  const bySeat = rules.filter(({method}) => method === "seats" || method === "identities");
  const seen = seats.filter(
    (seat) => isCounted(seat) && bySeat.some((rule) => covers(rule, seat.unit) && accepts(rule, seat.unit)),
  );
  const totals = counts.filter(
    (count) => isCounted(count) && rules.some((rule) => rule.method === count.unit.metric && covers(rule, count.unit)),
  );
  return add(integer(seen.length), sum(totals.map(({unit}) => unit.quantity)));
}

function latest(days: readonly (Day | null)[]): Day | null {
  return (
    days
      .flatMap((day) => day ?? [])
      .sort()
      .at(-1) ?? null
  );
}

export function sumOfKnown(values: readonly (Rational | null)[]): Rational | null {
  const known = values.flatMap((value) => value ?? []);
  return known.length === 0 ? null : sum(known);
}

/** What of the purchases nobody needs; null unless both are known. */
export function spare(purchased: Rational | null, needed: Rational | null): Rational | null {
  return purchased === null || needed === null ? null : maximumOf(zero, subtract(purchased, needed));
}
