import {type BilledLine, cycleOf, isLiveStatus, monthsOf} from "./billedLines.js";
import {groupBy} from "./given.js";
import {add, compare, divide, integer, isZero, multiply, type Rational, round, sum} from "./rational.js";
import type {Given, InvoiceLine} from "./rows.js";

export interface Rate {
  /** Per unit and billing cycle of the row, with 6 decimals. */
  readonly unitRate: Rational;
  readonly basis: string;
}

/** A price per unit and month. */
interface MonthlyPrice {
  readonly price: Rational;
  readonly basis: string;
  readonly currency: string;
  /** The day that it is from, where prices of its kind have one: of several currencies the newest counts. */
  readonly since: string;
}

/** The hard rate of another row, which peers may borrow. */
export interface PeerRate {
  readonly clientId: string;
  readonly serviceId: string;
  readonly currency: string;
  /** Per month. */
  readonly price: Rational;
}

interface Priced {
  readonly price: Rational;
  readonly quantity: Rational;
}

/** The mean weighted by quantity, or the plain mean if the quantities sum to 0. */
export function mean(values: readonly Priced[]): Rational {
  const quantity = sum(values.map((value) => value.quantity));
  if (isZero(quantity)) {
    return divide(sum(values.map(({price}) => price)), integer(values.length));
  }
  return divide(sum(values.map((value) => multiply(value.price, value.quantity))), quantity);
}

/** The rate that the PSA itself gives: the mean price of a row's live lines; per month if the row is mixed. */
export function hardRate(lines: readonly BilledLine[], cycle: string): Rate | null {
  const priced = lines.flatMap(({unitPrice, netQuantity, isCredit, cycle: own, basis}) =>
    unitPrice === null || isCredit
      ? []
      : [
          {
            price: cycle === "mixed" ? divide(unitPrice, monthsOf(own)) : unitPrice,
            quantity: netQuantity,
            basis,
          },
        ],
  );
  if (priced.length === 0) return null;
  const basis = priced.some((line) => line.basis === "invoice") ? "invoice_line" : "agreement_line";
  return {unitRate: round(mean(priced), 6), basis};
}

/** The currencies by preference: the client's usual one, then the workspace's, then by code. */
export function prefer(usual: string, workspace: string, currencies: readonly string[]): string[] {
  const rank = (currency: string) => (currency === usual ? 0 : currency === workspace ? 1 : 2);
  return [...new Set(currencies)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

/** The estimates for a client and service step by step; each step has at most one price per currency. */
export function estimates(
  given: Given,
  clientId: string,
  serviceId: string,
  peers: readonly PeerRate[],
): MonthlyPrice[][] {
  return [
    lastInvoiced(given, clientId, serviceId),
    priceBook(given, clientId, serviceId),
    priceBook(given, null, serviceId),
    listPrice(given, serviceId),
    peerMedian(clientId, serviceId, peers),
  ];
}

/** Brings a monthly price to a row's cycle. */
export function rateFrom({price, basis}: MonthlyPrice, cycle: string): Rate {
  return {unitRate: round(multiply(price, monthsOf(cycle)), 6), basis};
}

function lastInvoiced({invoiceLines, day}: Given, clientId: string, serviceId: string): MonthlyPrice[] {
  const earlier = invoiceLines.filter(
    ({invoice, serviceId: own, unitPrice, parentId}) =>
      invoice.clientId === clientId &&
      own === serviceId &&
      isLiveStatus(invoice) &&
      invoice.date <= day &&
      unitPrice !== null &&
      parentId === null,
  );
  const monthly = (line: InvoiceLine): Priced[] =>
    line.unitPrice === null ? [] : [{price: divide(line.unitPrice, monthsOf(cycleOf(line))), quantity: line.quantity}];
  return [...groupBy(earlier, ({invoice}) => invoice.currency)].map(([currency, lines]) => {
    const newest = lines.map(({invoice}) => invoice).reduce((best, other) => (isNewer(other, best) ? other : best));
    return {
      price: mean(lines.filter(({invoice}) => invoice.id === newest.id).flatMap(monthly)),
      basis: "last_invoiced",
      currency,
      since: newest.date,
    };
  });
}

function isNewer(a: {date: string; id: string}, b: {date: string; id: string}): boolean {
  return a.date > b.date || (a.date === b.date && a.id > b.id);
}

/** The client's own prices, or those for every client. */
function priceBook({prices, day}: Given, owner: string | null, serviceId: string): MonthlyPrice[] {
  const valid = prices.filter(
    (price) => price.serviceId === serviceId && price.clientId === owner && (price.from === null || price.from <= day),
  );
  return [...groupBy(valid, ({currency}) => currency)].map(([currency, rows]) => {
    const newest = rows.reduce((best, row) => ((row.from ?? "") > (best.from ?? "") ? row : best));
    return {price: newest.unitPrice, basis: "price_book", currency, since: newest.from ?? ""};
  });
}

function listPrice({services, currency}: Given, serviceId: string): MonthlyPrice[] {
  const price = services.get(serviceId)?.listPrice ?? null;
  return price === null ? [] : [{price, basis: "list_price", currency, since: ""}];
}

function peerMedian(clientId: string, serviceId: string, peers: readonly PeerRate[]): MonthlyPrice[] {
  const others = peers.filter((peer) => peer.serviceId === serviceId && peer.clientId !== clientId);
  return [...groupBy(others, ({currency}) => currency)].map(([currency, rates]) => ({
    price: median(rates.map(({price}) => price)),
    basis: "peer_median",
    currency,
    since: "",
  }));
}

function median(values: readonly Rational[]): Rational {
  const sorted = [...values].sort(compare);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new Error("A median of nothing");
  return divide(add(low, high), integer(2));
}

/** The client's usual currency: most live billed lines, then agreements, then invoices, then by code; else the workspace's. */
export function usualCurrency(given: Given, lines: readonly BilledLine[], clientId: string): string {
  const own = <T extends {clientId: string; currency: string}>(rows: readonly T[]) =>
    rows.filter((row) => row.clientId === clientId).map(({currency}) => currency);
  const ranked = [own(lines), own([...given.agreements.values()]), own([...given.invoices.values()])];
  const currencies = [...new Set(ranked.flat())].sort();
  const countIn = (list: string[], currency: string) => list.filter((other) => other === currency).length;
  const isMoreUsual = (a: string, b: string) => {
    for (const list of ranked) {
      const difference = countIn(list, a) - countIn(list, b);
      if (difference !== 0) return difference > 0;
    }
    return false;
  };
  return (
    currencies.reduce<string | null>(
      (best, currency) => (best === null || isMoreUsual(currency, best) ? currency : best),
      null,
    ) ?? given.currency
  );
}
