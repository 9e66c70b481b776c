import type {Client} from "./clients.js";
import type {Row} from "./draft.js";
import type {Line} from "./lines.js";
import {cents, money, sum} from "./money.js";

/** An invoice before it is written, so that it can be made wrong. */
export interface Invoice {
  readonly id: string;
  readonly client: Client;
  /** The month of 2026 that it is dated in. */
  readonly month: number;
  /** The client's last one in the present month, which is the one that is reconciled. */
  readonly isNewest: boolean;
  readonly lines: Row[];
  periodStart: string;
  readonly periodEnd: string;
  currency: string;
  /** Cents that its total has over its lines. */
  totalError: number;
  isIssued: boolean;
}

/** What a line says of a quantity at a price in cents. */
export function charge(quantity: number, price: number | null): Row {
  return {
    quantity,
    unit_price: price === null ? null : money(price),
    amount: price === null ? null : money(Math.round(price * quantity)),
  };
}

/** The lines of an agreement on the invoice of a month. */
export function agreedLines(invoiceId: string, lines: readonly Line[], month: number): Row[] {
  return lines
    .filter(({from = 0}) => from <= month)
    .map((line) => ({
      invoice_line_id: `${invoiceId}-${line.serviceId}`,
      invoice_id: invoiceId,
      agreement_line_id: line.lineId,
      service_id: line.serviceId,
      description: line.description,
      ...charge(line.quantityAt(month), line.priceAt(month)),
    }));
}

export function lineOf({id, lines}: Invoice, serviceId: string): Row {
  const line = lines.find(({service_id}) => service_id === serviceId);
  if (line === undefined) throw new Error(`The sample's invoice ${id} has no line for ${serviceId}.`);
  return line;
}

/** Adds a line that no agreement asks for. */
export function addLine({id, lines}: Invoice, given: Row): Row {
  const line = {invoice_line_id: `${id}-X`, invoice_id: id, ...given};
  lines.push(line);
  return line;
}

export function totalOf({lines, totalError}: Invoice): number {
  return sum(lines.map(({amount}) => cents(amount))) + totalError;
}
