import {lateExport} from "./catalogue.js";
import type {Client} from "./clients.js";
import {addDiscrepancy, type Discrepancy} from "./discrepancies.js";
import type {Draft} from "./draft.js";
import {unaccounted} from "./plants.js";
import type {Sale} from "./sales.js";

/** Adds what must be found where a sale is not billed as it is used. */
export function compare(draft: Draft, client: Client, sale: Sale): void {
  const {month} = draft;
  const plant = sale.plantAt(month);
  const expected = sale.usedAt(month) + (plant?.foreign ?? 0) - (plant?.includes ?? 0);
  const invoiced = sale.quantityAt(month) * (plant?.isRepeated ? 2 : 1);
  if (expected === invoiced) return;
  const state = stateOf(draft, sale);
  const {rate, basis} = rateOf(draft, sale);
  const isSure = state === "known" && basis === "invoice_line";
  addDiscrepancy(draft, client, {
    service: sale.serviceId,
    invoiced,
    expected,
    rate,
    basis,
    state,
    type: plant?.unbilled ? "unmapped" : isSure ? "calculated" : "estimated",
    cause: state === "known" ? causeOf(draft, client, sale, expected < invoiced) : "sync",
  });
}

function stateOf({month, isPresent}: Draft, {plantAt, offer}: Sale): "known" | "stale" | "partial" {
  if (plantAt(month)?.isPartial) return "partial";
  return isPresent && offer.connection === lateExport.connection ? "stale" : "known";
}

/** A price that can be taken from the last invoice was still on that invoice in its own month. */
function rateOf({month, isPresent}: Draft, sale: Sale): Required<Pick<Discrepancy, "rate" | "basis">> {
  const {basis = "invoice_line", rate} = sale.plantAt(month) ?? {};
  return {
    basis: basis === "last_invoiced" && !isPresent ? "invoice_line" : basis,
    rate: rate ?? sale.priceAt(month) ?? sale.listPrice,
  };
}

/** Too few in use beside a product of the same connection that no rule covers: that may be what is missing. */
function causeOf({month}: Draft, {number}: Client, {plantAt, offer}: Sale, isTooFew: boolean): Discrepancy["cause"] {
  const hasUnaccounted = unaccounted.some(({client, since}) => client === number && since <= month);
  if (isTooFew && hasUnaccounted && offer.connection === "m365") return "service_mapping";
  return plantAt(month)?.cause;
}
