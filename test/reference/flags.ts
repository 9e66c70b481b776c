import {
  agreementOf,
  amountOf,
  type BilledLine,
  cycleOf,
  isLiveAgreementLine,
  isLiveStatus,
  monthsOf,
  netQuantityOf,
} from "./billedLines.js";
import {contains, cycleStep, cycleStepNumber} from "./calendar.js";
import {groupBy, key} from "./given.js";
import {absolute, compare, decimal, isZero, multiply, type Rational, round, subtract, sum, zero} from "./rational.js";
import type {Agreement, Given, Invoice, InvoiceLine} from "./rows.js";

export interface Flag {
  readonly code: string;
  readonly severity: "error" | "warning" | "info";
  readonly clientId: string;
  readonly serviceId: string | null;
  readonly invoiceId: string | null;
  readonly lineId: string | null;
  /** Where it is about when an agreement is billed, or in which currency. */
  readonly agreementId: string | null;
  readonly amount: Rational | null;
}

export const severities: Record<string, Flag["severity"]> = {
  missing_unit_price: "error",
  zero_unit_price: "info",
  inconsistent_unit_price: "error",
  price_differs_from_agreement: "warning",
  price_changed: "info",
  price_below_cost: "warning",
  amount_mismatch: "error",
  total_mismatch: "warning",
  duplicate_line: "warning",
  negative_without_parent: "warning",
  fractional_quantity: "info",
  agreement_ended: "error",
  not_invoiced: "warning",
  period_gap: "warning",
  period_overlap: "warning",
  currency_mismatch: "error",
};

function flag(
  code: string,
  ids: Omit<Flag, "code" | "severity" | "agreementId" | "amount">,
  amount: Rational | null,
): Flag {
  const severity = severities[code];
  if (severity === undefined) throw new Error(`No severity for ${code}`);
  return {agreementId: null, ...ids, code, severity, amount: amount === null ? null : round(amount, 2)};
}

function onLine(code: string, line: InvoiceLine, amount: Rational | null): Flag {
  const ids = {clientId: line.invoice.clientId, serviceId: line.serviceId, invoiceId: line.invoice.id, lineId: line.id};
  return flag(code, ids, amount);
}

function onInvoice(code: string, invoice: Invoice, amount: Rational | null, serviceId: string | null = null): Flag {
  return flag(code, {clientId: invoice.clientId, serviceId, invoiceId: invoice.id, lineId: null}, amount);
}

function ofAgreement(flag: Flag, agreement: Agreement | null): Flag {
  return {...flag, agreementId: agreement?.id ?? null};
}

/** The currency of what a flag is about, and whether that is billed now. */
export function placeOf(given: Given, {invoiceId, lineId, agreementId}: Flag): {currency: string; isCurrent: boolean} {
  const invoice = given.invoices.get(invoiceId ?? "");
  if (invoice !== undefined) return {currency: invoice.currency, isCurrent: contains(invoice.period, given.day)};
  const agreement = given.agreementLines.get(lineId ?? "")?.agreement ?? given.agreements.get(agreementId ?? "");
  return {currency: agreement?.currency ?? "", isCurrent: true};
}

/** Flags on posted, sent and paid invoices, and on agreement lines that are billed without one. */
export function findFlags(given: Given, billed: readonly BilledLine[]): Flag[] {
  const isIssued = (invoice: Invoice) =>
    isLiveStatus(invoice) && (invoice.date <= given.day || contains(invoice.period, given.day));
  const lines = given.invoiceLines.filter(({invoice}) => isIssued(invoice));
  const invoices = [...given.invoices.values()].filter(isIssued);
  const charges = invoices.filter((invoice) => !isCreditNote(invoice, lines));
  return [
    ...lines.flatMap((line) => lineFlags(given, line)),
    ...billed.flatMap((line) => agreementLineFlags(given, line)),
    ...changedPrices(lines),
    ...inconsistentPrices(lines),
    ...duplicates(lines),
    ...wrongTotals(invoices, lines),
    ...successions(charges, lines),
    ...[...given.agreements.values()].flatMap((agreement) => notInvoiced(given, agreement, charges, lines)),
    ...invoices.flatMap((invoice) =>
      agreementsOf(invoice, lines)
        .filter((agreement) => agreement.currency !== invoice.currency)
        .map((agreement) => ofAgreement(onInvoice("currency_mismatch", invoice, null), agreement)),
    ),
  ];
}

/** Whether it has nothing but credits: it bills no period. */
function isCreditNote(invoice: Invoice, lines: readonly InvoiceLine[]): boolean {
  const own = lines.filter((line) => line.invoice === invoice);
  return own.length > 0 && own.every(({parentId}) => parentId !== null);
}

function lineFlags(given: Given, line: InvoiceLine): Flag[] {
  const {agreementLine, invoice, quantity, unitPrice, parentId, serviceId} = line;
  const flags: Flag[] = [];
  const amount = amountOf(line);
  const isCredit = parentId !== null;
  if (!isCredit && unitPrice === null) flags.push(onLine("missing_unit_price", line, null));
  if (!isCredit && unitPrice !== null && isZero(unitPrice)) flags.push(onLine("zero_unit_price", line, null));
  const isSameCurrency = agreementLine?.agreement.currency === invoice.currency;
  const agreed = isSameCurrency ? (agreementLine?.unitPrice ?? null) : null;
  const isLive = contains(invoice.period, given.day);
  if (isLive && !isCredit && unitPrice !== null && agreed !== null && compare(unitPrice, agreed) !== 0) {
    flags.push(onLine("price_differs_from_agreement", line, absolute(multiply(subtract(agreed, unitPrice), quantity))));
  }
  const cost = costOf(
    given,
    serviceId,
    isSameCurrency ? (agreementLine?.unitCost ?? null) : null,
    cycleOf(line),
    invoice.currency,
  );
  if (!isCredit && unitPrice !== null && cost !== null && compare(unitPrice, cost) < 0) {
    flags.push(onLine("price_below_cost", line, multiply(subtract(cost, unitPrice), quantity)));
  }
  if (line.ownAmount !== null && unitPrice !== null) {
    const difference = absolute(subtract(line.ownAmount, round(multiply(quantity, unitPrice), 2)));
    if (compare(difference, decimal("0.01")) > 0) flags.push(onLine("amount_mismatch", line, difference));
  }
  if (!isCredit && (compare(quantity, zero) < 0 || (amount !== null && compare(amount, zero) < 0))) {
    flags.push(onLine("negative_without_parent", line, amount === null ? null : absolute(amount)));
  }
  if (isOddFraction(given, serviceId, quantity)) flags.push(onLine("fractional_quantity", line, null));
  const ends = [agreementOf(line)?.end ?? null, agreementLine?.end ?? null];
  if (!isCredit && ends.some((end) => end !== null && end <= invoice.period.start)) {
    flags.push(
      ofAgreement(onLine("agreement_ended", line, amount === null ? null : absolute(amount)), agreementOf(line)),
    );
  }
  return flags;
}

/** A fraction of something that comes in whole units; a service without a unit may come in any. */
function isOddFraction(given: Given, serviceId: string | null, quantity: Rational): boolean {
  const unit = serviceId === null ? null : (given.services.get(serviceId)?.unit ?? null);
  return unit !== null && unit !== "gb" && unit !== "flat" && compare(round(quantity, 0), quantity) !== 0;
}

/** The line's own cost, else the service's monthly one brought to the cycle; catalogue costs are in the workspace's currency. */
function costOf(given: Given, serviceId: string | null, own: Rational | null, cycle: string, currency: string) {
  if (own !== null) return own;
  const monthly = serviceId === null ? null : (given.services.get(serviceId)?.unitCost ?? null);
  return monthly === null || currency !== given.currency ? null : multiply(monthly, monthsOf(cycle));
}

function agreementLineFlags(given: Given, billed: BilledLine): Flag[] {
  const line = billed.basis === "agreement" ? given.agreementLines.get(billed.agreementLineId ?? "") : undefined;
  if (line === undefined) return [];
  const ids = {clientId: billed.clientId, serviceId: billed.serviceId, invoiceId: null, lineId: line.id};
  const flags: Flag[] = [];
  if (line.unitPrice === null) flags.push(flag("missing_unit_price", ids, null));
  if (line.unitPrice !== null && isZero(line.unitPrice)) flags.push(flag("zero_unit_price", ids, null));
  if (isOddFraction(given, line.serviceId, billed.netQuantity)) flags.push(flag("fractional_quantity", ids, null));
  const cost = costOf(given, line.serviceId, line.unitCost, billed.cycle, billed.currency);
  if (line.unitPrice !== null && cost !== null && compare(line.unitPrice, cost) < 0) {
    flags.push(flag("price_below_cost", ids, multiply(subtract(cost, line.unitPrice), billed.netQuantity)));
  }
  return flags;
}

/** Against the invoice before: the highest price there of the same agreement line, or of the service without one, for as many months. */
function changedPrices(lines: readonly InvoiceLine[]): Flag[] {
  const priced = lines.flatMap((line) =>
    line.unitPrice === null || line.parentId !== null || line.serviceId === null ? [] : [{line, price: line.unitPrice}],
  );
  return priced.flatMap(({line, price}) => {
    const earlier = priced.filter(
      ({line: other}) =>
        other.invoice.clientId === line.invoice.clientId &&
        other.invoice.currency === line.invoice.currency &&
        other.serviceId === line.serviceId &&
        other.agreementLine === line.agreementLine &&
        agreementOf(other) === agreementOf(line) &&
        compare(monthsOf(cycleOf(other)), monthsOf(cycleOf(line))) === 0 &&
        compareInvoices(other.invoice, line.invoice) < 0,
    );
    const newest = earlier
      .map(({line: other}) => other.invoice)
      .sort(compareInvoices)
      .at(-1);
    const before = earlier.filter(({line: other}) => other.invoice === newest).map((other) => other.price);
    const previous = before.sort(compare).at(-1);
    if (previous === undefined || compare(price, previous) === 0) return [];
    return [onLine("price_changed", line, absolute(multiply(subtract(price, previous), line.quantity)))];
  });
}

/** By date, then by id. */
function compareInvoices(a: Invoice, b: Invoice): number {
  if (a.date !== b.date) return a.date < b.date ? -1 : 1;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

function inconsistentPrices(lines: readonly InvoiceLine[]): Flag[] {
  const priced = lines.filter(
    ({unitPrice, parentId, serviceId}) => unitPrice !== null && parentId === null && serviceId !== null,
  );
  const groups = groupBy(priced, ({invoice, serviceId}) => key(invoice.id, serviceId));
  return [...groups.values()].flatMap((group) => {
    const prices = group.map(({unitPrice}) => unitPrice ?? zero).sort(compare);
    const [lowest, highest] = [prices[0] ?? zero, prices.at(-1) ?? zero];
    const [first] = group;
    if (first === undefined || compare(lowest, highest) === 0) return [];
    const amount = sum(group.map(({unitPrice, quantity}) => multiply(subtract(highest, unitPrice ?? zero), quantity)));
    return [onInvoice("inconsistent_unit_price", first.invoice, amount, first.serviceId)];
  });
}

/** A line that repeats an earlier one of its invoice. */
function duplicates(lines: readonly InvoiceLine[]): Flag[] {
  const same = (a: Rational | null, b: Rational | null) => (a === null || b === null ? a === b : compare(a, b) === 0);
  const charges = lines.filter(({parentId}) => parentId === null);
  return charges
    .filter((line) =>
      charges.some(
        (other) =>
          other.id < line.id &&
          other.invoice === line.invoice &&
          other.serviceId === line.serviceId &&
          same(other.quantity, line.quantity) &&
          same(other.unitPrice, line.unitPrice) &&
          ((line.agreementLine !== null && other.agreementLine === line.agreementLine) ||
            (line.description !== null && other.description === line.description) ||
            [line, other].every(({agreementLine, description}) => agreementLine === null && description === null)),
      ),
    )
    .map((line) => onLine("duplicate_line", line, amountOf(line)));
}

function wrongTotals(invoices: readonly Invoice[], lines: readonly InvoiceLine[]): Flag[] {
  return invoices.flatMap((invoice) => {
    const own = lines.filter((line) => line.invoice === invoice);
    const amounts = own.flatMap((line) => amountOf(line) ?? []);
    const total = sum(amounts);
    if (own.length === 0 || amounts.length < own.length || invoice.total === null || compare(invoice.total, total) >= 0)
      return [];
    return [onInvoice("total_mismatch", invoice, subtract(total, invoice.total))];
  });
}

/** The agreement that an invoice names, or if it names none, those of its lines that bill something. */
function agreementsOf(invoice: Invoice, lines: readonly InvoiceLine[]): Agreement[] {
  if (invoice.agreement !== null) return [invoice.agreement];
  const charges = lines.filter((line) => line.invoice === invoice && line.parentId === null);
  return [...new Set(charges.flatMap(({agreementLine}) => agreementLine?.agreement ?? []))];
}

/** Gaps and overlaps between successive invoices of an agreement. */
function successions(invoices: readonly Invoice[], lines: readonly InvoiceLine[]): Flag[] {
  const ofAgreements = invoices.flatMap((invoice) =>
    agreementsOf(invoice, lines)
      .filter(({cycle}) => invoice.hasOwnPeriod || monthsOf(cycle).n === 1n)
      .map((agreement) => ({agreement, invoice})),
  );
  const groups = groupBy(ofAgreements, ({agreement}) => key(agreement.id));
  return [...groups.values()].flatMap((group) => {
    const place = ({period, id}: Invoice) => `${period.start} ${period.end} ${id}`;
    const ordered = [...group].sort((a, b) => (place(a.invoice) < place(b.invoice) ? -1 : 1));
    return ordered.slice(1).flatMap(({agreement, invoice}, index) => {
      const coveredUntil =
        ordered
          .slice(0, index + 1)
          .map((earlier) => earlier.invoice.period.end)
          .sort()
          .at(-1) ?? "";
      if (coveredUntil === invoice.period.start) return [];
      const code = coveredUntil < invoice.period.start ? "period_gap" : "period_overlap";
      return [ofAgreement(onInvoice(code, invoice, null), agreement)];
    });
  });
}

/** An agreement with live lines and an earlier invoice that has none for the period that is due. */
function notInvoiced(
  given: Given,
  agreement: Agreement,
  invoices: readonly Invoice[],
  lines: readonly InvoiceLine[],
): Flag[] {
  const live = [...given.agreementLines.values()].filter(
    (line) => line.agreement === agreement && isLiveAgreementLine(line, given.day),
  );
  if (live.length === 0) return [];
  const months = Number(monthsOf(agreement.cycle).n);
  const current = cycleStepNumber(agreement.start, months, given.day);
  const step = agreement.timing === "arrears" ? current - 1 : current;
  if (step < 0) return [];
  const due = cycleStep(agreement.start, months, step);
  const own = invoices.filter(
    (invoice) =>
      invoice.agreement === agreement ||
      lines.some(
        (line) => line.invoice === invoice && line.parentId === null && line.agreementLine?.agreement === agreement,
      ),
  );
  const hasEarlier = own.some(({period}) => period.start < due.start);
  const isInvoiced = own.some(({period}) => period.start < due.end && due.start < period.end);
  if (!hasEarlier || isInvoiced) return [];
  const priced = live.flatMap((line) =>
    line.unitPrice === null ? [] : [round(multiply(netQuantityOf(line), line.unitPrice), 2)],
  );
  const ids = {clientId: agreement.clientId, serviceId: null, invoiceId: null, lineId: null};
  return [ofAgreement(flag("not_invoiced", ids, priced.length === 0 ? null : sum(priced)), agreement)];
}
