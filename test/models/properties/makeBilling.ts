import {addMonths, calendarMonth, type Day} from "../../reference/calendar.js";
import {add, decimal, format, multiply, round, zero} from "../../reference/rational.js";
import type {World} from "../harness.js";
import type {Frame, Part} from "./plan.js";
import {addDays, at, type Row} from "./rows.js";

/**
 * Agreements, invoices and their lines, some of clients and services that no file lists, some invoices to another client
 * than the agreement's.
 */
export function makeBilling(given: Part, {day}: Frame): World {
  const service = (n: number) => (n % 31 === 30 ? "unlisted-service" : `s${(n % given.services.length) + 1}`);
  const client = (n: number) => (n % 31 === 30 ? "unlisted-client" : `c${(n % given.clients.length) + 1}`);
  const date = (days: number | null) => (days === null ? null : addDays(day, days));
  const agreements = given.agreements.map((row, n) => {
    const start = addDays(day, row.start);
    return {
      agreement_id: `a${n + 1}`,
      client_id: client(row.client),
      status: row.status,
      billing_cycle: row.cycle,
      billing_timing: row.timing,
      start_date: row.startsOnLastOfMonth ? addDays(calendarMonth(start).end, -1) : start,
      end_date: date(row.end),
      currency: row.currency,
    };
  });
  const agreementLines = (agreements.length === 0 ? [] : given.agreementLines).map((row, n) => ({
    agreement_line_id: `l${n + 1}`,
    agreement_id: at(agreements, row.agreement).agreement_id,
    service_id: service(row.service),
    quantity: row.quantity,
    included_quantity: row.included,
    unit_price: row.unitPrice,
    unit_cost: row.unitCost,
    start_date: date(row.start),
    end_date: date(row.end),
  }));
  const invoices = given.invoices.map((row, n) => {
    const own = row.agreement === null || agreements.length === 0 ? null : at(agreements, row.agreement);
    return {
      invoice_id: `i${n + 1}`,
      invoice_number: `INV-${n + 1}`,
      client_id: own === null || row.client % 17 === 16 ? client(row.client) : own.client_id,
      agreement_id: own?.agreement_id ?? null,
      invoice_date: addDays(day, row.date),
      ...makePeriod(row.period, day, own),
      status: row.status,
      currency: row.currency === "same" ? (own?.currency ?? null) : row.currency,
    };
  });
  const planned = given.invoiceLines.flatMap((row) => (row.isRepeated ? [row, row] : [row]));
  const lines = (invoices.length === 0 ? [] : planned).map((row, n) => {
    const on = at(invoices, row.invoice);
    const candidates = agreementLines.filter(({agreement_id}) => {
      const owner = agreements.find((other) => other.agreement_id === agreement_id);
      return on.agreement_id === null ? owner?.client_id === on.client_id : agreement_id === on.agreement_id;
    });
    const line = row.agreementLine === null || candidates.length === 0 ? null : at(candidates, row.agreementLine);
    const product = row.unitPrice === null ? zero : round(multiply(decimal(row.quantity), decimal(row.unitPrice)), 2);
    return {
      invoice_line_id: `il${String(n + 1).padStart(2, "0")}`,
      invoice_id: on.invoice_id,
      agreement_line_id: line?.agreement_line_id ?? null,
      service_id: row.service === null ? null : (line?.service_id ?? service(row.service)),
      description: row.description,
      quantity: row.quantity,
      unit_price: row.unitPrice,
      amount: row.amount === null ? null : format(add(product, decimal(row.amount)), 2),
      parent_line_id: row.isCredit ? "il00" : null,
    };
  });
  return {
    agreements,
    agreement_lines: agreementLines,
    invoices: invoices.map((row, n) => ({...row, total: totalOf(lines, row.invoice_id, at(given.invoices, n).total)})),
    invoice_lines: lines,
  };
}

/** The invoice's total, off by so much; null for none. */
function totalOf(lines: readonly Row[], invoiceId: string, difference: string | null): string | null {
  if (difference === null) return null;
  const amounts = lines
    .filter((line) => line.invoice_id === invoiceId)
    .map(({amount, quantity, unit_price}) => {
      if (amount !== null) return decimal(String(amount));
      return unit_price === null ? zero : round(multiply(decimal(String(quantity)), decimal(String(unit_price))), 2);
    });
  return format([decimal(difference), ...amounts].reduce(add, zero), 2);
}

function makePeriod(kind: string, day: Day, agreement: Row | null): Row {
  const period = (start: Day | null, end: Day | null) => ({period_start: start, period_end: end});
  const {start, end} = calendarMonth(day);
  if (kind === "currentMonth") return period(start, end);
  if (kind === "previousMonth") return period(addMonths(start, -1), start);
  if (kind === "nextMonth") return period(end, addMonths(end, 1));
  if (kind === "fromToday") return period(day, addMonths(day, 1));
  if (kind === "fromTomorrow") return period(addDays(day, 1), addMonths(day, 1));
  if (kind === "untilToday") return period(addMonths(day, -1), day);
  if (kind === "untilTomorrow") return period(addMonths(day, -1), addDays(day, 1));
  if (kind === "quarter") return period(addMonths(start, -1), addMonths(end, 1));
  if (kind === "year") return period(start, addMonths(start, 12));
  if (kind === "half") return period(start, null);
  if (agreement === null || kind === "none") return period(null, null);
  const months = {quarterly: 3, semiannual: 6, annual: 12}[String(agreement.billing_cycle)] ?? 1;
  const first = String(agreement.start_date);
  let n = 0;
  while (addMonths(first, (n + 1) * months) <= day) n += 1;
  const step = kind === "cycle" ? n : n - 1;
  return period(addMonths(first, step * months), addMonths(first, (step + 1) * months));
}
