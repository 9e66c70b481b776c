import {type Client, cycles} from "./clients.js";
import {type Draft, put} from "./draft.js";
import {cents, money} from "./money.js";
import {support} from "./plants.js";
import {newService} from "./story.js";

/** A line that a client pays, as its agreement and its invoices have it from month to month. */
export interface Line {
  readonly lineId: string;
  readonly serviceId: string;
  readonly description: string;
  /** The month that it is first on an invoice. */
  readonly from?: number;
  quantityAt(month: number): number;
  /** Cents; null without a price. */
  priceAt(month: number): number | null;
}

/** Puts a line on the client's agreement, with the units on top of those billed that are free. */
export function putAgreementLine(draft: Draft, {agreementId}: Client, line: Line, included = 0): void {
  const price = line.priceAt(draft.month);
  put(draft, "imports/psa/agreement_lines", {
    agreement_line_id: line.lineId,
    agreement_id: agreementId,
    service_id: line.serviceId,
    description: line.description,
    quantity: line.quantityAt(draft.month) + included,
    included_quantity: included === 0 ? null : included,
    unit_price: price === null ? null : money(price),
  });
}

/** Support for everybody with a workplace: always billed as used. */
export function supportLine(client: Client, workplaces: number): Line {
  return flatLine(client, support, workplaces, cents(support.listPrice) * cycles[client.cycle].months);
}

/** The service that was set up later, at the client that has it. */
export function newServiceLines(client: Client, month: number): Line[] {
  if (client.number !== newService.client || month < newService.from) return [];
  return [{...flatLine(client, newService, newService.seats, newService.cents), from: newService.from}];
}

/** A line whose quantity and price stay the same. */
function flatLine(
  {number}: Client,
  {serviceId, serviceName}: {readonly serviceId: string; readonly serviceName: string},
  quantity: number,
  price: number,
): Line {
  return {
    lineId: `AL${number}-${serviceId}`,
    serviceId,
    description: serviceName,
    quantityAt: () => quantity,
    priceAt: () => price,
  };
}
