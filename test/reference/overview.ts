import type {InactiveSeat} from "./activity.js";
import {type BilledLine, currentPeriod, isLiveAgreement} from "./billedLines.js";
import {contains, type Day} from "./calendar.js";
import {isUnlinked} from "./causes.js";
import {isDecided} from "./decisions.js";
import {clientOfAccount} from "./dispositions.js";
import type {Flag} from "./flags.js";
import {groupBy} from "./given.js";
import {currentSync, healthOf} from "./health.js";
import {usualCurrency} from "./rates.js";
import {
  absolute,
  add,
  compare,
  divide,
  integer,
  isZero,
  type Rational,
  round,
  subtract,
  sum,
  zero,
} from "./rational.js";
import type {ReconciliationRow} from "./reconciliation.js";
import type {Client, Given} from "./rows.js";
import type {Disposals} from "./usage.js";

export interface Overview {
  readonly given: Given;
  readonly lines: readonly BilledLine[];
  readonly rows: readonly ReconciliationRow[];
  readonly disposals: Disposals;
  readonly flags: readonly Flag[];
  readonly inactive: readonly InactiveSeat[];
}

/** How many discrepancies, and their money by direction. */
export interface Found {
  readonly count: number;
  readonly underbilled: Rational;
  readonly overbilled: Rational;
}

interface Totals {
  readonly discrepancies: number;
  readonly underbilled: Rational;
  readonly overbilled: Rational;
  readonly net: Rational;
  readonly absolute: Rational;
  readonly unpriced: number;
  readonly open: Found;
  readonly decided: Found;
  readonly coverageLines: Rational | null;
  readonly coverageAmount: Rational | null;
}

export interface ClientRow extends Totals {
  readonly client: Client;
  readonly currency: string;
  readonly seatCount: number;
  readonly serviceCount: number;
  readonly reconciled: number;
  readonly uncompared: number;
  readonly flagged: number;
  readonly inactive: number;
  readonly cycle: string | null;
  readonly timing: string | null;
  readonly periodStart: Day | null;
  readonly periodEnd: Day | null;
  readonly nextInvoiceDate: Day | null;
  readonly connectionIds: readonly string[];
  readonly worstHealth: string;
}

export interface SummaryRow extends Totals {
  readonly currency: string;
  readonly clients: number;
  readonly clientsReconciled: number;
  readonly clientsDiscrepant: number;
  readonly clientsUncompared: number;
  readonly unlinkedAccounts: number;
  readonly unaccountedSeats: number;
  readonly unaccountedProducts: number;
}

const isCompared = ({status}: ReconciliationRow) => status === "reconciled" || status === "discrepancy";

function found(rows: readonly ReconciliationRow[]): Found {
  const impacts = rows.flatMap(({impactMonthly}) => impactMonthly ?? []);
  return {
    count: rows.length,
    underbilled: sum(impacts.filter((impact) => compare(impact, zero) > 0)),
    overbilled: absolute(sum(impacts.filter((impact) => compare(impact, zero) < 0))),
  };
}

function totalsOf(given: Given, rows: readonly ReconciliationRow[]): Totals {
  const discrepancies = rows.filter(({status}) => status === "discrepancy");
  const impacts = discrepancies.flatMap(({impactMonthly}) => impactMonthly ?? []);
  const {underbilled, overbilled} = found(discrepancies);
  const lines = rows.flatMap((row) => row.lines);
  const compared = rows.filter(isCompared).flatMap((row) => row.lines);
  const monthly = (some: readonly BilledLine[]) => sum(some.map(({monthlyAmount}) => monthlyAmount ?? zero));
  return {
    discrepancies: discrepancies.length,
    underbilled,
    overbilled,
    net: subtract(underbilled, overbilled),
    absolute: add(underbilled, overbilled),
    unpriced: discrepancies.length - impacts.length,
    open: found(discrepancies.filter((row) => !isDecided(given, row))),
    decided: found(discrepancies.filter((row) => isDecided(given, row))),
    coverageLines: share(integer(compared.length), integer(lines.length)),
    coverageAmount: share(monthly(compared), monthly(lines)),
  };
}

function share(part: Rational, whole: Rational): Rational | null {
  return isZero(whole) ? null : round(divide(part, whole), 6);
}

function only<T>(values: readonly T[]): T | "mixed" | null {
  const distinct = [...new Set(values)];
  return distinct.length > 1 ? "mixed" : (distinct[0] ?? null);
}

/** One row per client that has a live agreement, an invoice or a linked account, and per currency. */
export function summariseClients(overview: Overview): ClientRow[] {
  const {given, lines, rows} = overview;
  return [...given.clients.values()].flatMap((client) => {
    const isListed =
      [...given.agreements.values()].some(
        ({clientId, status, ...period}) => clientId === client.id && status === "active" && contains(period, given.day),
      ) ||
      [...given.invoices.values()].some(({clientId}) => clientId === client.id) ||
      linkedConnections(given, client.id).length > 0;
    const own = rows.filter(({clientId}) => clientId === client.id);
    const currencies = new Set(own.map(({currency}) => currency));
    if (currencies.size === 0 && isListed) currencies.add(usualCurrency(given, lines, client.id));
    return [...currencies].map((currency) => clientRow(overview, client, currency));
  });
}

/** The connections in which the client has a linked account, be it that one of which nothing was ever delivered. */
export function linkedConnections(given: Given, clientId: string): string[] {
  const linked = [
    ...given.accounts.filter(({connectionId, id}) => clientOfAccount(given, connectionId, id) === clientId),
    ...given.links.filter(
      (link) =>
        link.status === "confirmed" &&
        link.clientId === clientId &&
        currentSync(given, link.connectionId) === undefined,
    ),
  ];
  return [...new Set(linked.map(({connectionId}) => connectionId))].sort();
}

function clientRow({given, rows, disposals, flags, inactive}: Overview, client: Client, currency: string): ClientRow {
  const own = rows.filter((row) => row.clientId === client.id && row.currency === currency);
  const lines = own.flatMap((row) => row.lines);
  const agreements = [...given.agreements.values()].filter(
    (agreement) => agreement.clientId === client.id && isLiveAgreement(agreement, given.day),
  );
  const periods = lines.map(({period}) => period);
  const psa = given.connections.filter(({side}) => side === "psa").map(({id}) => id);
  const healths = [...linkedConnections(given, client.id), ...psa].map((id) => healthOf(given, id));
  return {
    client,
    currency,
    ...totalsOf(given, own),
    seatCount: disposals.seats.filter(
      ({clientId, disposition}) =>
        clientId === client.id && (disposition === "counted" || disposition === "unaccounted"),
    ).length,
    serviceCount: new Set(lines.flatMap(({serviceId}) => serviceId ?? [])).size,
    reconciled: own.filter(({status}) => status === "reconciled").length,
    uncompared: own.filter((row) => !isCompared(row)).length,
    flagged: flags.filter(({clientId}) => clientId === client.id).length,
    inactive: inactive.filter(({seat}) => seat.clientId === client.id).length,
    cycle: lines.length > 0 ? only(lines.map(({cycle}) => cycle)) : only(agreements.map(({cycle}) => cycle)),
    timing: only(agreements.map(({timing}) => timing)),
    periodStart: periods.map(({start}) => start).sort()[0] ?? null,
    periodEnd:
      periods
        .map(({end}) => end)
        .sort()
        .at(-1) ?? null,
    nextInvoiceDate: agreements.map((agreement) => currentPeriod(agreement, given.day).end).sort()[0] ?? null,
    connectionIds: linkedConnections(given, client.id),
    worstHealth: ["red", "yellow", "green"].find((colour) => healths.some((health) => health === colour)) ?? "green",
  };
}

/** One row per currency of the clients, or of the workspace if there are none. */
export function summarise({given, rows, disposals}: Overview, clients: readonly ClientRow[]): SummaryRow[] {
  const groups = groupBy(clients, ({currency}) => currency);
  if (groups.size === 0) groups.set(given.currency, []);
  return [...groups].map(([currency, own]) => ({
    currency,
    ...totalsOf(
      given,
      rows.filter((row) => row.currency === currency),
    ),
    clients: own.length,
    clientsReconciled: own.filter(({discrepancies, reconciled}) => discrepancies === 0 && reconciled > 0).length,
    clientsDiscrepant: own.filter(({discrepancies}) => discrepancies > 0).length,
    clientsUncompared: own.filter(({discrepancies, reconciled}) => discrepancies + reconciled === 0).length,
    unlinkedAccounts: given.accounts.filter((account) => isUnlinked(given, account)).length,
    unaccountedSeats: disposals.seats.filter(({disposition}) => disposition === "unaccounted").length,
    unaccountedProducts: new Set(
      rows
        .filter(({type}) => type === "unaccounted")
        .map(({connectionIds, productId}) => JSON.stringify([connectionIds[0], productId])),
    ).size,
  }));
}
