import {addMonths, contains, cycleStep, cycleStepNumber, type Day, type Period} from "./calendar.js";
import {divide, integer, maximumOf, multiply, type Rational, round, subtract, zero} from "./rational.js";
import type {Agreement, AgreementLine, Given, Invoice, InvoiceLine} from "./rows.js";

/** A line that is billed as of the given day. */
export interface BilledLine {
  readonly lineId: string;
  readonly basis: "invoice" | "agreement";
  readonly clientId: string;
  readonly serviceId: string | null;
  readonly currency: string;
  readonly agreementId: string | null;
  readonly agreementLineId: string | null;
  readonly invoice: Invoice | null;
  readonly quantity: Rational;
  /** What counts as billed: 0 for a credit, without included units for basis agreement. */
  readonly netQuantity: Rational;
  readonly unitPrice: Rational | null;
  readonly amount: Rational | null;
  readonly monthlyAmount: Rational | null;
  readonly isCredit: boolean;
  readonly cycle: string;
  readonly period: Period;
}

const monthsOfCycle: Record<string, number> = {
  monthly: 1,
  quarterly: 3,
  semiannual: 6,
  annual: 12,
  one_time: 1,
  mixed: 1,
};

export function monthsOf(cycle: string): Rational {
  return integer(monthsOfCycle[cycle] ?? 1);
}

export function isLiveStatus({status}: Invoice): boolean {
  return ["posted", "sent", "paid"].includes(status);
}

export function isLiveAgreement({status, cycle, start, end}: Agreement, day: Day): boolean {
  return status === "active" && cycle !== "one_time" && contains({start, end}, day);
}

export function isLiveAgreementLine(line: AgreementLine, day: Day): boolean {
  return isLiveAgreement(line.agreement, day) && contains(line, day);
}

/** The step of an agreement's cycle that contains the day. */
export function currentPeriod({start, cycle}: Agreement, day: Day): Period {
  const months = monthsOfCycle[cycle] ?? 1;
  return cycleStep(start, months, cycleStepNumber(start, months, day));
}

export function agreementOf(line: InvoiceLine): Agreement | null {
  return line.agreementLine?.agreement ?? line.invoice.agreement;
}

export function cycleOf(line: InvoiceLine): string {
  return agreementOf(line)?.cycle ?? cycleOfPeriod(line.invoice.period);
}

function cycleOfPeriod({start, end}: Period): string {
  const cycles = Object.entries(monthsOfCycle).filter(([cycle]) => cycle !== "one_time");
  return cycles.find(([, months]) => addMonths(start, months) === end)?.[0] ?? "monthly";
}

export function amountOf({ownAmount, quantity, unitPrice}: InvoiceLine): Rational | null {
  return ownAmount ?? (unitPrice === null ? null : round(multiply(quantity, unitPrice), 2));
}

export function netQuantityOf({quantity, included}: AgreementLine): Rational {
  return maximumOf(zero, subtract(quantity, included));
}

/** Every line billed as of the day, on the side or sides that the workspace chose. */
export function findBilledLines({day, billedBasis, agreementLines, invoiceLines}: Given): BilledLine[] {
  const invoiced = invoiceLines.filter(({invoice}) => isLiveStatus(invoice) && contains(invoice.period, day));
  const agreed = [...agreementLines.values()].filter((line) => isLiveAgreementLine(line, day));
  if (billedBasis === "invoice") return invoiced.map(fromInvoice);
  if (billedBasis === "agreement") return agreed.map((line) => fromAgreement(line, day));
  const standsIn = new Set(invoiced.filter(({parentId}) => parentId === null).map((line) => line.agreementLine?.id));
  return [
    ...invoiced.map(fromInvoice),
    ...agreed.filter(({id}) => !standsIn.has(id)).map((line) => fromAgreement(line, day)),
  ];
}

function fromInvoice(line: InvoiceLine): BilledLine {
  const {id, invoice, agreementLine, serviceId, quantity, unitPrice, parentId} = line;
  const amount = amountOf(line);
  const cycle = cycleOf(line);
  return {
    lineId: `invoice:${id}`,
    basis: "invoice",
    clientId: invoice.clientId,
    serviceId,
    currency: invoice.currency,
    agreementId: agreementOf(line)?.id ?? null,
    agreementLineId: agreementLine?.id ?? null,
    invoice,
    quantity,
    netQuantity: parentId === null ? quantity : zero,
    unitPrice,
    amount,
    monthlyAmount: amount === null ? null : round(divide(amount, monthsOf(cycle)), 2),
    isCredit: parentId !== null,
    cycle,
    period: invoice.period,
  };
}

function fromAgreement(line: AgreementLine, day: Day): BilledLine {
  const {id, agreement, serviceId, quantity, unitPrice} = line;
  const netQuantity = netQuantityOf(line);
  const amount = unitPrice === null ? null : round(multiply(netQuantity, unitPrice), 2);
  return {
    lineId: `agreement:${id}`,
    basis: "agreement",
    clientId: agreement.clientId,
    serviceId,
    currency: agreement.currency,
    agreementId: agreement.id,
    agreementLineId: id,
    invoice: null,
    quantity,
    netQuantity,
    unitPrice,
    amount,
    monthlyAmount: amount === null ? null : round(divide(amount, monthsOf(agreement.cycle)), 2),
    isCredit: false,
    cycle: agreement.cycle,
    period: currentPeriod(agreement, day),
  };
}
