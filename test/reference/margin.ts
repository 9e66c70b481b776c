import {type BilledLine, isLiveAgreementLine, monthsOf} from "./billedLines.js";
import {groupBy, key} from "./given.js";
import {type Charged, type Feed, findLicences, type Licence, spare} from "./licences.js";
import {mean} from "./rates.js";
import {add, compare, divide, isZero, multiply, type Rational, round, subtract, sum, zero} from "./rational.js";
import type {ReconciliationRow} from "./reconciliation.js";
import type {Given, Product} from "./rows.js";
import {shareOut} from "./shares.js";
import {countUsage, type Disposals} from "./usage.js";

type Basis = "licence" | "agreement_line" | "service";

export interface MarginRow {
  readonly clientId: string;
  readonly serviceId: string | null;
  /** The licence that no service bears. */
  readonly product: Product | null;
  readonly currency: string;
  readonly isBilled: boolean;
  readonly invoiced: Rational;
  readonly used: Rational | null;
  readonly revenue: Rational | null;
  readonly cost: Rational | null;
  readonly basis: Basis | null;
  /** The unit's cost and the units that it is taken times, where the PSA's cost applies. */
  readonly byUnit: {readonly unitCost: Rational; readonly charged: Charged} | null;
  /** Whether it has all that is billed for the service, in the currency that licences are paid in. */
  readonly takesLicences: boolean;
  readonly costed: readonly Product[];
  readonly uncosted: readonly Product[];
}

/** A licence behind a service, and the part of its cost that the service bears. */
interface Behind {
  readonly licence: Licence;
  readonly feed: Feed;
  /** Null where the licence's cost is not known. */
  readonly share: Rational | null;
  /** Whether the unknown cost leaves the service's unknown. */
  readonly isMissing: boolean;
}

export interface Margin {
  readonly given: Given;
  readonly licences: readonly Licence[];
  readonly rows: readonly MarginRow[];
  /** The licences behind a service of a client, by `key(clientId, serviceId)`. */
  readonly behind: ReadonlyMap<string, readonly Behind[]>;
}

export function findMargin(given: Given, disposals: Disposals, reconciled: readonly ReconciliationRow[]): Margin {
  const licences = findLicences(given, disposals);
  const behind = groupBy(licences.flatMap(sharesOf), ({licence, feed}) => key(licence.clientId, feed.serviceId));
  const billed = groupBy(
    reconciled.filter(({lines}) => lines.length > 0),
    ({clientId, serviceId}) => key(clientId, serviceId),
  );
  const services = [...given.clients.keys()].flatMap((clientId) =>
    [...given.services.keys(), null].flatMap((serviceId): MarginRow[] => {
      const own = billed.get(key(clientId, serviceId)) ?? [];
      const sources = behind.get(key(clientId, serviceId)) ?? [];
      const used = serviceId === null ? null : (countUsage(given, disposals, clientId, serviceId)?.units ?? null);
      const nothing = {clientId, serviceId, currency: given.currency, lines: [], invoiced: zero};
      if (own.length === 0) return serviceId === null ? [] : [serviceRow(given, nothing, used, sources, true)];
      return own.map((row) =>
        own.length === 1
          ? serviceRow(given, row, used, sources, row.currency === given.currency)
          : serviceRow(given, row, null, [], false),
      );
    }),
  );
  const unborne = licences.filter(({feeds}) => feeds.length === 0).map((licence) => unborneRow(given, licence));
  const isShown = ({isBilled, cost}: MarginRow) => isBilled || (cost !== null && compare(cost, zero) > 0);
  return {given, licences, rows: [...services, ...unborne].filter(isShown), behind};
}

function sharesOf(licence: Licence): Behind[] {
  const bearers = licence.feeds.filter(({isBearer}) => isBearer);
  const weights = bearers.map(({seen}) => seen);
  const isSeen = !isZero(sum(weights));
  const shares = licence.cost === null ? null : shareOut(licence.cost, weights);
  return licence.feeds.map((feed) => {
    const place = bearers.indexOf(feed);
    const bears = feed.isBearer && !(isSeen && isZero(feed.seen)) && !isZero(licence.charged.units);
    return {
      licence,
      feed,
      share: shares === null ? null : (shares[place] ?? zero),
      isMissing: shares === null && bears,
    };
  });
}

/** Whether the service bears no other licence and the licence burdens no other service: what one costs the other does. */
function isPair(behind: readonly Behind[], {licence, feed}: Behind): boolean {
  const bearing = behind.filter((other) => other.feed.isBearer);
  return feed.isBearer && bearing.length === 1 && licence.feeds.filter(({isBearer}) => isBearer).length === 1;
}

function serviceRow(
  given: Given,
  row: Pick<ReconciliationRow, "clientId" | "serviceId" | "currency" | "lines" | "invoiced">,
  used: Rational | null,
  behind: readonly Behind[],
  takesLicences: boolean,
): MarginRow {
  const {clientId, serviceId, currency, lines, invoiced} = row;
  const amounts = lines.flatMap(({monthlyAmount}) => monthlyAmount ?? []);
  const base = {
    clientId,
    serviceId,
    product: null,
    currency,
    isBilled: lines.length > 0,
    invoiced,
    used,
    revenue: lines.length > 0 && amounts.length === 0 ? null : sum(amounts),
    takesLicences,
  };
  const bearing = behind.filter(({feed}) => feed.isBearer);
  const missing = bearing.filter(({isMissing}) => isMissing);
  const shares = bearing.flatMap(({licence, share}) => (share === null ? [] : [{licence, share}]));
  if (takesLicences && shares.length > 0 && missing.length === 0) {
    const costed = shares.filter(({share}) => !isZero(share)).map(({licence}) => licence.product);
    const cost = sum(shares.map(({share}) => share));
    return {...base, cost, basis: "licence", byUnit: null, costed, uncosted: []};
  }
  const unit = psaUnitCost(given, serviceId, currency, lines);
  if (unit === null) {
    const uncosted = takesLicences ? missing.map(({licence}) => licence.product) : [];
    return {...base, cost: null, basis: null, byUnit: null, costed: [], uncosted};
  }
  const charged = chargedUnits(behind, used, invoiced);
  return {
    ...base,
    cost: round(multiply(unit.cost, charged.units), 2),
    basis: unit.basis,
    byUnit: {unitCost: unit.cost, charged},
    costed: [],
    uncosted: [],
  };
}

/** What the PSA's cost is taken times: what is paid for of the one licence behind the service, else what rules count. */
function chargedUnits(behind: readonly Behind[], used: Rational | null, invoiced: Rational): Charged {
  const one = behind.find((source) => isPair(behind, source) && !source.feed.isMultiplied);
  if (one?.licence.charged.by === "purchased") return one.licence.charged;
  return used === null ? {units: invoiced, by: "billed"} : {units: used, by: "used"};
}

/**
 * What a unit costs a month, in the PSA's words: the mean over the lines, each by its agreement line's cost or else by the
 * service's. Costs of another currency say nothing.
 */
function psaUnitCost(
  given: Given,
  serviceId: string | null,
  currency: string,
  lines: readonly BilledLine[],
): {cost: Rational; basis: Basis} | null {
  const ofService = currency === given.currency ? (given.services.get(serviceId ?? "")?.unitCost ?? null) : null;
  if (lines.length === 0) return ofService === null ? null : {cost: ofService, basis: "service"};
  const costs = lines
    .filter(({isCredit}) => !isCredit)
    .flatMap(({agreementLineId, netQuantity}) => {
      const line = given.agreementLines.get(agreementLineId ?? "");
      if (line !== undefined && line.unitCost !== null && line.agreement.currency === currency) {
        return [{price: divide(line.unitCost, monthsOf(line.agreement.cycle)), quantity: netQuantity, isOwn: true}];
      }
      return ofService === null ? [] : [{price: ofService, quantity: netQuantity, isOwn: false}];
    });
  if (costs.length === 0) return null;
  return {cost: round(mean(costs), 6), basis: costs.some(({isOwn}) => isOwn) ? "agreement_line" : "service"};
}

function unborneRow({currency}: Given, {clientId, product, cost, charged}: Licence): MarginRow {
  return {
    clientId,
    serviceId: null,
    product,
    currency,
    isBilled: false,
    invoiced: zero,
    used: charged.units,
    revenue: zero,
    cost,
    basis: "licence",
    byUnit: null,
    takesLicences: true,
    costed: [product],
    uncosted: [],
  };
}

export function marginOf({revenue, cost}: Pick<MarginRow, "revenue" | "cost">): Rational | null {
  return revenue === null || cost === null ? null : subtract(revenue, cost);
}

export function stateOf({revenue, cost, isBilled}: MarginRow): string {
  if (revenue === null) return "revenue_unknown";
  if (cost === null) return "cost_unknown";
  if (!isBilled) return "not_billed";
  return compare(revenue, cost) < 0 ? "below_cost" : "covered";
}

export interface LicenceFigures {
  readonly charged: Charged;
  readonly unitCost: Rational | null;
  readonly cost: Rational | null;
  readonly basis: Basis | null;
  readonly billed: Rational | null;
  readonly unbilled: Rational | null;
  readonly unassignedCost: Rational | null;
  readonly unbilledCost: Rational | null;
  readonly revenue: Rational | null;
}

export function figuresOf(margin: Margin, licence: Licence): LicenceFigures {
  const billed = billedOf(margin, licence);
  const unbilled = spare(licence.purchased, billed);
  const {charged, unitCost, cost, basis} = costOf(margin, licence);
  const worthOf = (units: Rational | null) =>
    units === null || unitCost === null ? null : round(multiply(units, unitCost), 2);
  return {
    charged,
    unitCost,
    cost,
    basis,
    billed,
    unbilled,
    unassignedCost: worthOf(licence.unassigned),
    unbilledCost: worthOf(unbilled),
    revenue: revenueOf(margin, licence),
  };
}

/** Its own cost, else the PSA's cost of the one service that it stands for. */
function costOf(
  {behind, rows}: Margin,
  licence: Licence,
): Pick<LicenceFigures, "charged" | "unitCost" | "cost" | "basis"> {
  const {charged, unitCost, cost, clientId} = licence;
  if (cost !== null) return {charged, unitCost, cost, basis: "licence"};
  const unknown = {charged, unitCost: null, cost: null, basis: null};
  const pair = licence.feeds.flatMap((feed) => {
    const sources = behind.get(key(clientId, feed.serviceId)) ?? [];
    return sources.filter((source) => source.licence === licence && isPair(sources, source));
  })[0];
  const row = rows.find(
    (one) => one.clientId === clientId && one.serviceId === pair?.feed.serviceId && one.takesLicences,
  );
  if (pair === undefined || row === undefined || row.byUnit === null) return unknown;
  const isOneToOne = !pair.feed.isMultiplied;
  return {
    charged: isOneToOne ? row.byUnit.charged : charged,
    unitCost: isOneToOne ? row.byUnit.unitCost : null,
    cost: row.cost,
    basis: row.basis,
  };
}

/** What the services that bear it bill or include, where no other licence and no multiplier stand behind them. */
function billedOf({given, rows, behind}: Margin, {clientId, feeds, isExcluded}: Licence): Rational | null {
  const bearers = feeds.filter(({isBearer}) => isBearer);
  const isToldApart = bearers.every(
    ({serviceId, isMultiplied}) => !isMultiplied && behind.get(key(clientId, serviceId))?.length === 1,
  );
  if (isExcluded || !isToldApart) return null;
  const isOf = (serviceId: string | null) => bearers.some((bearer) => bearer.serviceId === serviceId);
  const invoiced = rows.filter((row) => row.clientId === clientId && isOf(row.serviceId));
  const included = [...given.agreementLines.values()].filter(
    (line) => line.agreement.clientId === clientId && isOf(line.serviceId) && isLiveAgreementLine(line, given.day),
  );
  return add(sum(invoiced.map((row) => row.invoiced)), sum(included.map((line) => line.included)));
}

function revenueOf({rows, behind}: Margin, licence: Licence): Rational | null {
  const {clientId, feeds} = licence;
  if (feeds.length === 0) return licence.isExcluded ? null : zero;
  const parts = feeds
    .filter(({isBearer}) => isBearer)
    .map(({serviceId}): Rational | null => {
      const own = rows.filter((row) => row.clientId === clientId && row.serviceId === serviceId);
      const [row] = own;
      if (row === undefined) return zero;
      const revenue = row.takesLicences ? row.revenue : null;
      if (revenue === null || isZero(revenue)) return revenue;
      const bearing = (behind.get(key(clientId, serviceId)) ?? []).filter(({feed}) => feed.isBearer);
      if (bearing.length === 1) return revenue;
      const costs = [...bearing]
        .sort((a, b) => (placeOf(a.licence) < placeOf(b.licence) ? -1 : 1))
        .map((one) => ({licence: one.licence, cost: one.share ?? zero}));
      if (row.basis !== "licence" || isZero(sum(costs.map(({cost}) => cost)))) return null;
      const place = costs.findIndex((one) => one.licence === licence);
      return (
        shareOut(
          revenue,
          costs.map(({cost}) => cost),
        )[place] ?? null
      );
    });
  return parts.includes(null) ? null : sum(parts.flatMap((part) => part ?? []));
}

function placeOf({product}: Licence): string {
  return key(product.connectionId, product.id);
}

export interface MarginTotals {
  readonly revenue: Rational;
  readonly costedRevenue: Rational | null;
  readonly cost: Rational | null;
  readonly uncostedRevenue: Rational;
  readonly notBilled: Rational;
  readonly belowCost: number;
  readonly belowCostAmount: Rational;
}

export function totalMargin(rows: readonly MarginRow[]): MarginTotals {
  const known = rows.filter((row) => marginOf(row) !== null);
  const of = (state: string) => rows.filter((row) => stateOf(row) === state);
  const revenue = (some: readonly MarginRow[]) => sum(some.map((row) => row.revenue ?? zero));
  const cost = (some: readonly MarginRow[]) => sum(some.map((row) => row.cost ?? zero));
  const below = of("below_cost");
  return {
    revenue: revenue(rows),
    costedRevenue: known.length === 0 ? null : revenue(known),
    cost: known.length === 0 ? null : cost(known),
    uncostedRevenue: revenue(of("cost_unknown")),
    notBilled: cost(of("not_billed")),
    belowCost: below.length,
    belowCostAmount: subtract(cost(below), revenue(below)),
  };
}
