import {type Client, cycles} from "./clients.js";
import type {Draft} from "./draft.js";
import {money} from "./money.js";

/** A difference that must be found. */
export interface Discrepancy {
  readonly service?: string;
  readonly product?: string;
  readonly invoiced: number;
  readonly expected: number;
  /** What a unit costs for one period of the agreement, in cents, and what says so. */
  readonly rate: number | null;
  readonly basis: string;
  readonly state?: "known" | "stale" | "partial";
  readonly type: "calculated" | "estimated" | "unmapped" | "unaccounted";
  /** A billing gap without it. */
  readonly cause?: "sync" | "client_mapping" | "service_mapping";
}

export function addDiscrepancy({answers}: Draft, client: Client, found: Discrepancy): void {
  const {invoiced, expected, rate} = found;
  const delta = expected - invoiced;
  const impact = rate === null ? null : Math.round(delta * rate);
  answers.discrepancies.push({
    client_id: client.clientId,
    service_id: found.service ?? null,
    product_id: found.product ?? null,
    currency: client.currency,
    invoiced_quantity: invoiced.toFixed(4),
    expected_quantity: expected.toFixed(4),
    delta_quantity: delta.toFixed(4),
    count_state: found.state ?? "known",
    unit_rate: rate === null ? null : (rate / 100).toFixed(6),
    rate_basis: found.basis,
    impact_amount: impact === null ? null : money(impact),
    impact_monthly: impact === null ? null : money(Math.round(impact / cycles[client.cycle].months)),
    discrepancy_type: found.type,
    likely_cause: found.cause ?? "billing_gap",
  });
}
