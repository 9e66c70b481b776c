import {type BilledLine, isLiveAgreementLine, monthsOf} from "./billedLines.js";
import type {Day} from "./calendar.js";
import {causeOf} from "./causes.js";
import {countsInsteadOfSeats} from "./dispositions.js";
import {groupBy, key} from "./given.js";
import {healthOf} from "./health.js";
import {estimates, hardRate, type PeerRate, prefer, type Rate, rateFrom, usualCurrency} from "./rates.js";
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
import type {Given} from "./rows.js";
import {countUsage, type Disposals, type Usage} from "./usage.js";

/** Whether an account's name and domain resemble a client (`yes`), do not (`no`), or neither is sure. */
export type Resembles = (account: {connectionId: string; id: string}, clientId: string) => "yes" | "no" | "unsure";

export interface ReconciliationRow {
  readonly clientId: string;
  readonly serviceId: string | null;
  readonly connectionIds: readonly string[];
  readonly productId: string | null;
  readonly currency: string;
  readonly cycle: string;
  readonly periodStart: Day | null;
  readonly periodEnd: Day | null;
  readonly lines: readonly BilledLine[];
  readonly invoiced: Rational;
  readonly included: Rational;
  readonly usage: Usage | null;
  readonly systemCount: Rational | null;
  readonly countState: string | null;
  readonly expected: Rational | null;
  readonly delta: Rational | null;
  readonly rate: Rate | null;
  readonly impactAmount: Rational | null;
  readonly impactMonthly: Rational | null;
  readonly status: "reconciled" | "discrepancy" | "no_data" | "not_reconciled";
  readonly type: "calculated" | "estimated" | "unmapped" | "unaccounted" | null;
  readonly cause: string | null;
}

type Draft = Omit<ReconciliationRow, "rate" | "impactAmount" | "impactMonthly" | "cause" | "type"> & {
  readonly type: ReconciliationRow["type"];
  /** Currency still open: nothing is billed. */
  readonly isUnbilled: boolean;
};

/** All rows: what is billed and used by service, then usage that no rule covers. */
export function reconcileServices(
  given: Given,
  lines: readonly BilledLine[],
  disposals: Disposals,
  resembles: Resembles,
): ReconciliationRow[] {
  const drafts = draftRows(given, lines, disposals);
  const unaccounted = findUnaccounted(given, lines, disposals);
  const peers = drafts.flatMap(({clientId, serviceId, currency, cycle, lines: own}): PeerRate[] => {
    const rate = serviceId === null ? null : hardRate(own, cycle);
    if (rate === null || serviceId === null) return [];
    return [{clientId, serviceId, currency, price: divide(rate.unitRate, monthsOf(cycle))}];
  });
  const rows = [...drafts.map((draft) => priceRow(given, lines, peers, draft)), ...unaccounted];
  return rows.map((row) => ({...row, cause: causeOf(given, unaccounted, resembles, row)}));
}

function draftRows(given: Given, lines: readonly BilledLine[], disposals: Disposals): Draft[] {
  const groups = groupBy(lines, ({clientId, serviceId}) => key(clientId, serviceId));
  const drafts: Draft[] = [];
  for (const clientId of given.clients.keys()) {
    for (const serviceId of [...given.services.keys(), null]) {
      const billed = groupBy(groups.get(key(clientId, serviceId)) ?? [], ({currency}) => currency);
      const usage = serviceId === null ? null : countUsage(given, disposals, clientId, serviceId);
      const compared = mainCurrency(billed);
      for (const [currency, own] of billed) {
        const isMain = currency === compared;
        const draft = draftRow(given, clientId, serviceId, currency, own, isMain ? usage : null);
        drafts.push(isMain ? draft : {...draft, included: zero});
      }
      if (billed.size > 0 || usage === null) continue;
      const draft = draftRow(given, clientId, serviceId, given.currency, [], usage);
      if (draft.expected !== null && !isZero(draft.expected)) drafts.push(draft);
    }
  }
  return drafts;
}

/** The currency with the larger billed quantity, then by code. */
function mainCurrency(billed: ReadonlyMap<string, readonly BilledLine[]>): string | undefined {
  return [...billed]
    .map(([currency, lines]) => ({currency, quantity: sum(lines.map(({netQuantity}) => netQuantity))}))
    .sort((a, b) => compare(b.quantity, a.quantity) || (a.currency < b.currency ? -1 : 1))[0]?.currency;
}

function draftRow(
  given: Given,
  clientId: string,
  serviceId: string | null,
  currency: string,
  lines: readonly BilledLine[],
  usage: Usage | null,
): Draft {
  const invoiced = sum(lines.map(({netQuantity}) => netQuantity));
  const included = sum(
    [...given.agreementLines.values()]
      .filter(
        (line) =>
          line.agreement.clientId === clientId && line.serviceId === serviceId && isLiveAgreementLine(line, given.day),
      )
      .map((line) => line.included),
  );
  const units = usage?.units ?? null;
  const expected = units === null ? null : maximumOf(zero, subtract(units, included));
  const cycles = new Set(lines.map(({cycle}) => cycle));
  const {status, type} = judge(usage, lines, expected, invoiced);
  const [firstCycle = "monthly"] = cycles;
  return {
    clientId,
    serviceId,
    connectionIds: [...new Set(usage?.rules.map(({connectionId}) => connectionId))].sort(),
    productId: null,
    currency,
    cycle: cycles.size > 1 ? "mixed" : firstCycle,
    periodStart: lines.map(({period}) => period.start).sort()[0] ?? null,
    periodEnd:
      lines
        .map(({period}) => period.end)
        .sort()
        .at(-1) ?? null,
    lines,
    invoiced,
    included,
    usage,
    systemCount: usage?.systemCount ?? null,
    countState: usage?.state ?? null,
    expected,
    delta: expected === null ? null : subtract(expected, invoiced),
    status,
    type,
    isUnbilled: lines.length === 0,
  };
}

function judge(
  usage: Usage | null,
  lines: readonly BilledLine[],
  expected: Rational | null,
  invoiced: Rational,
): Pick<ReconciliationRow, "status" | "type"> {
  if (usage === null) return {status: "not_reconciled", type: null};
  if (expected === null) return {status: "no_data", type: null};
  if (lines.length === 0) return {status: "discrepancy", type: "unmapped"};
  if (compare(expected, invoiced) === 0) return {status: "reconciled", type: null};
  const isKnown = usage.state === "known" || usage.state === "known_zero";
  return {status: "discrepancy", type: isKnown ? "calculated" : "estimated"};
}

function priceRow(
  given: Given,
  lines: readonly BilledLine[],
  peers: readonly PeerRate[],
  {isUnbilled, ...draft}: Draft,
): ReconciliationRow {
  const {clientId, serviceId, cycle} = draft;
  const usual = usualCurrency(given, lines, clientId);
  const hard = hardRate(draft.lines, cycle);
  const steps = serviceId === null ? [] : estimates(given, clientId, serviceId, peers);
  const candidates = steps
    .map((step) => step.filter((price) => isUnbilled || price.currency === draft.currency))
    .find((step) => step.length > 0);
  const since = candidates?.map((price) => price.since).sort();
  const newest = candidates?.filter((price) => price.since === since?.at(-1)) ?? [];
  const [preferred] = prefer(
    usual,
    given.currency,
    newest.map(({currency}) => currency),
  );
  const estimate = newest.find(({currency}) => currency === preferred);
  const rate = hard ?? (estimate === undefined ? null : rateFrom(estimate, cycle));
  const type = draft.type === "calculated" && hard === null ? "estimated" : draft.type;
  const currency = isUnbilled ? (estimate?.currency ?? usual) : draft.currency;
  return {...draft, type, currency, rate, ...impactOf(draft.delta, rate, cycle), cause: null};
}

function impactOf(
  delta: Rational | null,
  rate: Rate | null,
  cycle: string,
): Pick<ReconciliationRow, "impactAmount" | "impactMonthly"> {
  if (delta === null || rate === null) return {impactAmount: null, impactMonthly: null};
  const impactAmount = round(multiply(delta, rate.unitRate), 2);
  return {impactAmount, impactMonthly: round(divide(impactAmount, monthsOf(cycle)), 2)};
}

/** Usage that no rule covers, one row per client, connection and product. */
function findUnaccounted(given: Given, lines: readonly BilledLine[], disposals: Disposals): ReconciliationRow[] {
  const units = [
    ...disposals.seats
      .filter(({disposition}) => disposition === "unaccounted")
      .map(({unit, clientId}) => ({...unit, clientId, number: integer(1), method: "seats"})),
    ...countsInsteadOfSeats(
      given,
      disposals.counts.filter(({disposition}) => disposition === "unaccounted"),
    ).map(({unit, clientId}) => ({...unit, clientId, number: unit.quantity, method: unit.metric})),
  ];
  const groups = groupBy(units, ({clientId, connectionId, productId}) => key(clientId, connectionId, productId));
  return [...groups.values()].flatMap((group): ReconciliationRow[] => {
    const [first] = group;
    const expected = sum(group.map(({number}) => number));
    if (first === undefined || first.clientId === null || isZero(expected)) return [];
    const {clientId, connectionId, productId} = first;
    const price = given.products.find(
      (product) => product.connectionId === connectionId && product.id === productId,
    )?.listPrice;
    const rate = price ? {unitRate: price, basis: "product_list_price"} : null;
    return [
      {
        clientId,
        serviceId: null,
        connectionIds: [connectionId],
        productId,
        currency: rate === null ? usualCurrency(given, lines, clientId) : given.currency,
        cycle: "monthly",
        periodStart: null,
        periodEnd: null,
        lines: [],
        invoiced: zero,
        included: zero,
        usage: {
          rules: [],
          state: "known",
          systemCount: expected,
          units: expected,
          sources: [...groupBy(group, ({accountId}) => accountId)].map(([accountId, own]) => ({
            ruleId: "",
            connectionId,
            accountId,
            productId,
            method: own[0]?.method ?? "seats",
            counted: own.map(({number}) => number).reduce(add, zero),
          })),
        },
        systemCount: expected,
        countState: healthOf(given, connectionId) === "green" ? "known" : "stale",
        expected,
        delta: expected,
        rate,
        ...impactOf(expected, rate, "monthly"),
        status: "discrepancy",
        type: "unaccounted",
        cause: null,
      },
    ];
  });
}
